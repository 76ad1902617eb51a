"""Words of types, targets and initiators: read as listed, by the tokens in them, or kept as written and said."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.column_proposals import propose_columns
from geo.ingest.mapping.word_proposals import propose_words
from geo.ingest.values.words import VOCABULARIES, by_tokens, meaning
from geo.vocabularies import codes, rows
from tests.ingest.test_ingest_formats import acled, ged, gtd, table
from tests.unguarded import note_words


def column(result, name: str) -> list[object]:
    return result.rows[name].to_pylist()


def code(field: str, word: str) -> str | None:
    found = meaning(field, word)
    return found.code if found else None


@pytest.mark.parametrize(
    ("word", "attack"),
    [
        ("IED blast", "ied"),
        ("Remote-controlled bomb explosion", "ied"),
        ("Quadcopter attack", "drone_strike"),
        ("Firing on check post", "armed_assault"),
        ("Grenade hurled at house", "grenade"),
        ("Bombing/Explosion", "ied"),
        ("Hostage Taking (Kidnapping)", "abduction"),
        ("Shelling/artillery/missile attack", "shelling_rocket"),
        ("Suicide bombing of a mosque", "suicide_bombing"),
        ("IED defused", "disrupted_plot"),
        ("Rocket-propelled grenade", "shelling_rocket"),
        ("Bomb hoax", "threat_other"),
        ("Militant hideout destroyed", "state_operation"),
        ("Fire raid", "armed_assault"),
        ("Physical raid on FC post", "armed_assault"),
        ("Raid on check post", "armed_assault"),
        ("Militants raided police station", "armed_assault"),
        ("Raid on militant hideout", "state_operation"),
        ("CTD raid", "state_operation"),
        ("Raid", None),
        ("Search and clearance operation", "state_operation"),
        ("Exchange of fire during operation", "clash_unspecified"),
        ("Motorcyclists gunned down a constable", "targeted_killing"),
        ("خودکش حملہ", "suicide_bombing"),
        ("No attack", None),
        ("Not a suicide attack", None),
        ("IED blast, not a suicide attack", "ied"),
        ("No casualties in IED blast", "ied"),
        ("Attack on post no 5", "armed_assault"),
        ("Attack on post No. 5", "armed_assault"),
        ("Suicide attack averted", "disrupted_plot"),
        ("Complex attack foiled", "disrupted_plot"),
        ("Car bomb defused", "disrupted_plot"),
        ("Bomb exploded while being defused", "ied"),
        ("Threat of suicide attack", "threat_other"),
        ("Arrest of suicide bomber", "state_operation"),
        ("Suicide bomber arrested", "state_operation"),
        ("Gas cylinder blast", "threat_other"),
        ("Gas cylinder bomb", "ied"),
        ("Accidental blast", "threat_other"),
        ("Training of bomb disposal squad", "threat_other"),
        ("Suicide attack on police training centre", "suicide_bombing"),
        ("Aerial firing (wedding)", "threat_other"),
        ("Suicide attack on wedding", "suicide_bombing"),
        ("Suicide attack prevented", "disrupted_plot"),
        ("Suicide jacket recovered", "disrupted_plot"),
        ("Rumour of attack", "threat_other"),
        ("False alarm of bomb", "threat_other"),
        ("Mock attack drill", "threat_other"),
        ("Gas leakage explosion", "threat_other"),
        ("Firing in the air", "threat_other"),
        ("Murder", "targeted_killing"),
        ("Honour killing", "threat_other"),
        ("Firing over personal enmity", "threat_other"),
        ("Jirga", None),
        ("Peaceful protest", None),
    ],
)
def test_an_attack_is_read_by_the_tokens_in_its_word(word, attack):
    assert code("attack_type", word) == attack


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("Police party", "police"),
        ("Police check post", "police"),
        ("Polio team", "health_polio"),
        ("Rangers", "other_state_force"),
        ("Security check post", "other_state_force"),
        ("levies post", "levies_khasadar"),
        ("Army convoy", "army"),
        ("Army Public School", "education"),
        ("Malik", "tribal_elder"),
        ("Shia sect", "religious"),
        ("Children/Women", "civilian"),
        ("Lashkar-e-Islam", "militant"),
        ("Aman lashkar", "peace_committee"),
        ("Awami National Party leader", "political_party"),
        ("Bomb disposal squad", "police"),
        ("girls' school", "education"),
        ("Security official", "other_state_force"),
        ("Police,Private Citizens & Property", "police"),
        ("Private Citizens & Property; Police", "civilian"),
        ("a wall", None),
        ("Non-civilian", None),
        ("Civilians (not police)", "civilian"),
        ("Retired army officer", None),
        ("Ex-army man", None),
        ("Mosque near police lines", "religious"),
        ("Police, near a mosque", "police"),
        ("School opposite police station", "education"),
        ("Not police, army", "army"),
    ],
)
def test_a_target_is_read_by_the_tokens_in_its_word_and_the_first_of_several(word, target):
    assert code("target_type", word) == target


@pytest.mark.parametrize(("source", "own"), [("gtd", "attacktype1_txt"), ("gtd", "targtype1_txt")])
def test_every_word_of_a_published_data_set_keeps_its_code_in_any_table(source, own):
    field = "attack_type" if own.startswith("attack") else "target_type"
    # "unknown" states nothing in any table, and is read as a blank cell.
    words = {word: one for word, one in codes(source)[own].items() if word != "unknown"}
    assert {word: code(field, word) for word in words} == words


def test_every_sub_event_of_acled_has_a_meaning_in_any_table():
    for word, one in codes("acled")["sub_event_type"].items():
        if one != "not_an_attack":
            assert code("attack_type", word) == one


def test_rules_mean_codes_of_the_atlas():
    known = VOCABULARIES | {"begun_by": VOCABULARIES["initiator"]}
    for field, _, one in rows("word_rules", "column", "words", "code", n_keys=2):
        assert one in known[field]


OWN = (
    "date,district,attack_type,target_type,killed_total\n2024-01-05,Bannu,IED blast,Police party,2\n"
    "2024-01-06,Lakki Marwat,Quadcopter attack,Polio team,1\n2024-01-07,Tank,Firing on check post,Army convoy,3\n"
    "2024-01-08,North Waziristan,Grenade hurled at house,Malik,0\n2024-01-09,Tank,Jirga,a wall,\n"
    '2024-01-09,Tank,IED blast,"Police, Market",\n'
)


def test_a_table_with_words_of_its_own_is_accepted_whole_and_says_how_they_are_read(read):
    result = read(OWN)
    assert (result.n_accepted, result.n_refused) == (6, 0)
    assert column(result, "attack_type") == ["ied", "drone_strike", "armed_assault", "grenade", "threat_other", "ied"]
    assert column(result, "target_type") == ["police", "health_polio", "army", "tribal_elder", "other", "police"]
    assert column(result, "initiator") == ["militant"] * 4 + ["unknown", "militant"]
    assert [row["attack_type"] for row in column(result, "raw")][4] == "Jirga"
    notes = note_words(result)
    assert any("5 rows" in note and "“IED blast” → Roadside or planted bomb (2)" in note for note in notes)
    assert any("as written: “Jirga” (1)" in note and "attack_type" in note for note in notes)
    assert any("as written: “a wall” (1)" in note and "target_type" in note for note in notes)
    assert any("several things" in note and "“Police, Market” → Police (1)" in note for note in notes)


def test_the_words_of_a_note_are_those_of_accepted_rows(read):
    result = read("date,district,attack_type\n2024-01-05,Bannu,IED blast\nx,Bannu,IED blast\n")
    assert any("“IED blast” → Roadside or planted bomb (1)" in note for note in note_words(result))


@pytest.mark.case(44)
@pytest.mark.parametrize(
    ("name", "word", "field", "value"),
    [
        ("initiator", "somebody", "initiator", "unknown"),
        ("geo_precision", "village", "geo_precision", "district"),
        ("date_precision", "roughly", "date_precision", "day"),
        ("group", "a new group", "group_id", "other"),
        ("date_end", "soon", "date_end", None),
        ("source_date", "soon", "source_date", None),
    ],
)
def test_no_optional_column_refuses_a_row(read, name, word, field, value):
    result = read(f"date,district,attack_type,{name}\n2024-01-05,Bannu,ied,{word}\n")
    assert result.n_refused == 0
    assert column(result, field) == [value or (column(result, "date_start")[0] if name == "date_end" else None)]
    assert any(f"“{name}”" in note and f"“{word}” (1)" in note for note in note_words(result))


@pytest.mark.parametrize(
    ("key", "word"), [("targtype1_txt", "A new class"), ("attacktype1_txt", "A new type"), ("specificity", "9")]
)
def test_words_that_a_named_format_does_not_know_refuse_no_row_either(read, key, word):
    result = read(table(gtd(**{key: word})))
    assert result.n_accepted == 1
    assert any(f"“{word}” (1)" in note for note in note_words(result))


@pytest.mark.parametrize(
    ("event", "attack"), [("Battles", "clash_unspecified"), ("Violence against civilians", "armed_assault")]
)
@pytest.mark.parametrize("word", ["", "A sub-event of another year"])
def test_an_acled_event_without_a_known_sub_event_is_read_by_its_kind(read, word, event, attack):
    result = read(table(acled(event_type=event, sub_event_type=word, inter2="State forces")))
    assert (result.n_accepted, column(result, "attack_type")) == (1, [attack])


SUICIDE = (
    "S#,Date,Islamic Date,City,Latitude,Longitude,Province,Target Type,Killed Min,Killed Max,Injured Max,"
    "No. of Suicide Blasts\n"
    + "".join(
        f"{n},Monday-June {n}-2009,x,Peshawar,34.0043,71.5448,KPK,{word},,3,3,1\n"
        for n, word in enumerate(("Rangers", "Unknown", "Shia sect", "Children/Women", "Hotel", "a wall"), start=1)
    )
)


def test_targets_of_suicide_attacks_are_read_by_their_words_and_by_the_rules(read):
    result = read(SUICIDE)
    assert column(result, "target_type") == [
        "other_state_force",
        "unknown",
        "religious",
        "civilian",
        "civilian",
        "other",
    ]
    assert any("as written: “a wall” (1)" in note for note in note_words(result))


def test_rules_are_proposed_to_the_person_who_maps_a_table():
    (found,) = propose_words("attack_type", ["IED blast"])
    assert (found.code, found.how) == ("ied", "rule")
    (listed,) = propose_words("target_type", ["Terrorists/Non-State Militia"])
    assert (listed.code, listed.how) == ("militant", "alias")


def test_the_finer_of_two_columns_of_types_is_proposed():
    found = {one.field: one.column for one in propose_columns({"event_type": [], "sub_event_type": []})}
    assert found == {"attack_type": "sub_event_type"}


# --- who began ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "target", "initiator"),
    [
        ("Exchange of fire", "", "mutual"),
        ("Exchange of fire", "police", "mutual"),
        ("clash", "", "mutual"),
        ("Drone strike", "", "unknown"),
        ("US drone strike", "militant", "foreign"),
        ("Quadcopter attack", "police", "militant"),
        ("Search operation", "", "state"),
        ("Firing by police", "", "state"),
        ("IED blast", "police", "militant"),
        ("", "police", "unknown"),
        ("Militants killed", "", "unknown"),
        ("Two tribesmen killed by militants", "civilian", "militant"),
        ("Sectarian clash", "", "communal"),
        ("No attack", "police", "unknown"),
        ("Not a terrorist attack", "", "unknown"),
        ("Suicide attack averted", "police", "unknown"),
        ("Threat of suicide attack", "", "unknown"),
        ("Arrest of suicide bomber", "", "state"),
        ("Gas cylinder blast", "civilian", "unknown"),
        ("Training of bomb disposal squad", "police", "unknown"),
        ("Aerial firing (wedding)", "civilian", "unknown"),
        ("Murder", "civilian", "unknown"),
        ("Murder by militants: killed by militants", "civilian", "militant"),
        ("Honour killing", "civilian", "unknown"),
        ("Bomb hoax", "", "unknown"),
        ("Rumour of attack", "", "unknown"),
        ("Gas leakage explosion", "", "unknown"),
        ("Militant hideout destroyed", "", "state"),
        ("", "militant", "unknown"),
    ],
)
def test_who_began_follows_from_the_word_or_is_not_stated(read, word, target, initiator):
    text = f"date,district,attack_type,target_type\n2024-03-13,Bannu,{word},{target}\n"
    result = read(text)
    assert column(result, "initiator") == [initiator]
    # What stays open is asked, and only that takes the answer.
    assert any("who began: counted as not stated" in note for note in note_words(result)) is (initiator == "unknown")
    answered = column(read(text, initiator="militant"), "initiator")
    assert answered == ["militant" if initiator == "unknown" else initiator]


STRIKES = (
    "S#,Date,City,Province,No of Strike,Total Died\n"
    "1,2011-03-17,North Waziristan,FATA,1,44\n2,2012-05-28,North Waziristan,FATA,2,9\n"
)
AS = {"incident_id": "S#", "date": "Date", "place": "City", "n_events": "No of Strike", "killed_total": "Total Died"}


def test_a_table_that_does_not_say_who_began_is_no_attack_by_militants_until_somebody_says_so(read):
    result = read(STRIKES, mapping=AS)
    assert column(result, "initiator") == ["unknown", "unknown"]
    assert any("2 rows do not say who began" in note for note in note_words(result))
    for answer in ("militant", "state", "foreign", "unknown"):
        answered = read(STRIKES, mapping=AS, initiator=answer)
        assert column(answered, "initiator") == [answer, answer]
        assert not any("who began" in note for note in note_words(answered))


def test_the_answer_changes_no_row_that_says_who_began(read):
    text = "date,district,attack_type,initiator\n2024-03-13,Bannu,ied,\n2024-03-13,Bannu,,state\n2024-03-13,Bannu,,\n"
    assert column(read(text, initiator="foreign"), "initiator") == ["militant", "state", "foreign"]


AFGHAN, PAKISTAN = ("Military Forces of Afghanistan (2021-)", 8), ("Military Forces of Pakistan (2022-)", 1)
US, POLICE = ("Military Forces of the United States (2009-2017)", 8), ("Police Forces of Pakistan (2022-)", 1)
TTP, ISKP = ("TTP: Tehreek-i-Taliban Pakistan", 2), ("Islamic State Khorasan Province (ISKP)", 2)
COMMITTEE, SOMEBODY = ("Peace Committee (Pakistan)", 3), ("Unidentified Armed Group (Pakistan)", 3)
MARWAT, TURI = ("Marwat Tribal Militia (Pakistan)", 4), ("Turi Tribal Militia (Pakistan)", 4)
CIVILIANS = ("Civilians (Pakistan)", 7)
GUARDS = ("Private Security Forces (Pakistan)", 8)
CLASH, SHELLING, AIR = "Armed clash", "Shelling/artillery/missile attack", "Air/drone strike"
BOTH = "the forces came under attack during a search operation"
ROLES = {1: "State forces", 2: "Rebel group", 3: "Political militia", 4: "Identity militia", 7: "Civilians"} | {
    8: "External/Other forces"
}


@pytest.mark.parametrize("as_words", [True, False])
@pytest.mark.parametrize(
    ("sub_event", "first", "second", "notes", "right"),
    [
        (CLASH, AFGHAN, PAKISTAN, "Border clash", "foreign clash_unspecified army unid"),
        (CLASH, PAKISTAN, AFGHAN, "Border clash", "foreign clash_unspecified army unid"),
        (CLASH, PAKISTAN, AFGHAN, "during a search operation", "foreign clash_unspecified army unid"),
        (SHELLING, AFGHAN, CIVILIANS, "", "foreign shelling_rocket civilian unid"),
        (AIR, US, TTP, "US drone strike", "foreign air_strike_state militant ttp"),
        ("Attack", AFGHAN, CIVILIANS, "", "foreign armed_assault civilian unid"),
        (CLASH, COMMITTEE, TTP, "Militants attacked it", "militant armed_assault peace_committee ttp"),
        (CLASH, TTP, MARWAT, "Militants attacked a village", "militant armed_assault peace_committee ttp"),
        (CLASH, TTP, MARWAT, "", "mutual clash_unspecified peace_committee ttp"),
        (CLASH, TTP, ISKP, "two groups clashed", "communal clash_unspecified militant ttp"),
        (CLASH, MARWAT, TURI, "", "communal clash_unspecified unknown unid"),
        (CLASH, TTP, POLICE, BOTH, "mutual clash_unspecified police ttp"),
        (CLASH, TTP, POLICE, "Police came under fire", "militant armed_assault police ttp"),
        ("Remote explosive/landmine/IED", TTP, US, "", "militant ied foreigner ttp"),
        ("Attack", TTP, GUARDS, "", "militant armed_assault unknown ttp"),
        ("Disrupted weapons use", POLICE, SOMEBODY, "", "state disrupted_plot militant unid"),
    ],
)
def test_foreign_armies_and_peace_committees_are_neither_the_state_nor_militants(
    read, as_words, sub_event, first, second, notes, right
):
    given = {"actor1": first[0], "actor2": second[0], "inter1": first[1], "inter2": second[1]}
    if as_words:
        given |= {"inter1": ROLES[first[1]], "inter2": ROLES[second[1]]}
    row = read(table(acled(sub_event_type=sub_event, notes=notes, **given))).rows.to_pylist()[0]
    assert " ".join(row[key] for key in ("initiator", "attack_type", "target_type", "group_id")) == right


@pytest.mark.parametrize(
    ("word", "initiator"),
    [
        ("Terrorists", "militant"),
        ("Non-state actor", "militant"),
        ("Islamic State", "militant"),
        ("anti-state elements", "militant"),
        ("Security forces", "state"),
        ("US", "foreign"),
        ("unknown gunmen", "militant"),
        ("tribal", "communal"),
        ("not claimed", "unknown"),
    ],
)
def test_an_initiator_is_read_by_the_tokens_in_its_word(word, initiator):
    assert code("initiator", word) == initiator


@pytest.mark.parametrize(
    ("name", "word", "figure"), [("killed_total", "3 killed", 3), ("killed_police", "2 martyred", 2)]
)
def test_a_verb_that_agrees_with_the_column_is_part_of_the_number(read, name, word, figure):
    result = read(f"date,district,{name},injured_total\n2024-01-05,Bannu,{word},{word}\n")
    assert (column(result, "killed_best"), column(result, "injured")) == ([figure], [None])


def test_begun_by_is_read_from_the_words_and_not_from_who_was_hit():
    assert by_tokens("begun_by", "firing by militants on police") == "militant"


@pytest.mark.parametrize("key", ["type_of_violence", "where_prec", "date_prec", "number_of_sources"])
@pytest.mark.parametrize("cell", ["", "x"])
def test_an_optional_code_of_ucdp_refuses_no_row(read, key, cell):
    result = read(table(ged(**{key: cell})))
    assert (result.n_accepted, column(result, "killed_best")) == (1, [3])
    if key == "type_of_violence":
        assert column(result, "initiator") == ["unknown"]


@pytest.mark.parametrize("word", ["Tgt Killing", "T/Killing", "TK", "Tgtd killing of an elder"])
def test_short_forms_of_targeted_killing(word):
    assert meaning("attack_type", word).code == "targeted_killing"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("ڈرون حملہ", "drone_strike"),
        ("کواڈ کاپٹر حملہ", "drone_strike"),
        ("فضائی حملہ", "air_strike_state"),
        ("گیس سلنڈر دھماکہ", "threat_other"),
        ("خودکش حملہ ناکام", "disrupted_plot"),
        ("بم ناکارہ بنا دیا", "disrupted_plot"),
        ("راکٹ حملہ", "shelling_rocket"),
        ("پولیس مقابلہ", "state_operation"),
        ("بم دھماکہ", "ied"),
        ("خودکش دھماکہ", "suicide_bombing"),
    ],
)
def test_urdu_words_have_the_exceptions_of_english_ones(word, code):
    assert meaning("attack_type", word).code == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Passenger convoy", "civilian"),
        ("Wedding convoy", "civilian"),
        ("WFP convoy", "ngo_un"),
        ("INGO vehicle", "ngo_un"),
        ("Police convoy", "police"),
        ("Convoy", "other_state_force"),
        ("House of policeman", "civilian"),
        ("Son of a police officer", "civilian"),
        ("Police and family members", "police"),
    ],
)
def test_who_travels_and_whose_relative_it_is_says_whom_it_hit(word, code):
    assert meaning("target_type", word).code == code


@pytest.mark.parametrize("word", ["Retd. policeman", "Retd army subedar", "Ex-policeman"])
def test_who_has_left_a_force_is_not_of_it(word):
    assert meaning("target_type", word) is None
