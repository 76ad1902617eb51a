"""KP Incident Atlas: page frame, start-up check, and the sidebar that all pages share.

`streamlit run app.py` imports this file as the server, which then runs it for every visitor.
"""

if __name__ != "__main__":
    from starlette.middleware import Middleware
    from streamlit.starlette import App

    from geo.views import gate, serving

    middleware = [Middleware(gate.Gate), Middleware(serving.Files)]
    app = App(__file__, lifespan=serving.lifespan, middleware=middleware, on_script_error=serving.uncaught)
else:
    from geo.views import serving

    serving.wait_for_modules()
    import streamlit as st

    from geo.problems import AtlasError
    from geo.views import address, cached, filters, first_paint, language, messages, page_style, shell, visitor
    from geo.wording import _

    address.take_language()
    address.begin()
    page = st.navigation(shell.pages(), position="top")
    st.set_page_config(
        page_title=shell.tab_title(page),
        page_icon=shell.ICON,
        layout="wide",
        initial_sidebar_state="auto",
        menu_items={"about": _(messages.NATURE_OF_THE_DATA)},
    )
    shell.opened()
    page_style.draw()
    address.turn_to(page.url_path)
    first_paint.begin(page.url_path)
    language.draw()

    try:
        visitor.note()
        filters.draw(cached.districts())
        language.draw_digits()
        visitor.draw_sign_in()
        page.run()
        if first_paint.is_waiting():
            first_paint.wait()
        else:
            messages.footer()
        address.write()
    except AtlasError as error:
        messages.atlas_error(error)
    except Exception as error:  # every page stays usable: a number for the visitor, the details in the log
        messages.unexpected(error)
    messages.forget_outcome()
