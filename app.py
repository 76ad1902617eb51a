"""KP Incident Atlas: page frame, start-up check, and the sidebar that all pages share.

`streamlit run app.py` imports this file as the server, which then runs it for every visitor.
"""

if __name__ != "__main__":
    from starlette.middleware import Middleware
    from streamlit.starlette import App

    from geo.views import base_address, connections, gate, readiness, serving

    parts = (connections.Connections, gate.Gate, readiness.Readiness, serving.Files, base_address.BaseAddress)
    middleware = [Middleware(part) for part in parts]
    app = App(__file__, lifespan=serving.lifespan, middleware=middleware, on_script_error=serving.uncaught)
else:
    from geo.views import serving

    serving.wait_for_modules()
    import streamlit as st

    from geo.problems import AtlasError
    from geo.views import address, messages, run, shell, turns, visitor, whole_page
    from geo.wording import _

    address.take_language()
    address.begin()
    is_in_frame = shell.is_in_frame()
    page = shell.navigate(is_in_frame=is_in_frame)
    st.set_page_config(
        page_title=shell.tab_title(page),
        page_icon=shell.ICON,
        layout="wide",
        initial_sidebar_state="auto",
        menu_items={"about": _(messages.NATURE_OF_THE_DATA)},
    )
    shell.opened()
    shell.turn_to_asked_page(page)
    address.turn_to(page.url_path)

    try:
        with turns.RUNS.turn(), run.one():
            visitor.note()
            if is_in_frame:
                from geo.views import embed  # the maps of all pages, of which no other visit needs more than one

                embed.draw(page.url_path)
            else:
                whole_page.draw(page)
            address.write()
    except AtlasError as error:
        shell.show_menu()
        messages.atlas_error(error)
    except Exception as error:  # every page stays usable: a number for the visitor, the details in the log
        shell.show_menu()
        messages.unexpected(error)
    messages.forget_outcome()
