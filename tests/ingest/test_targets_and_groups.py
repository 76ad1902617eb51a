"""Targets that the words for an attack name, words of tables in use, and groups beside words for a claim."""

from __future__ import annotations

import pytest

from geo.ingest.notes import NoteKind
from geo.ingest.values.word_fields import read_claim
from geo.ingest.values.words import target_in


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("Attack on police", "police"),
        ("Firing on check post", "other_state_force"),
        ("Firing at police check post", "police"),
        ("Suicide attack on FC convoy", "other_state_force"),
        ("Police party", "police"),
        ("Polio team", "health_polio"),
        ("Firing (police party)", "police"),
        ("IED blast - police mobile", "police"),
        ("Ambush of police patrol", "police"),
        ("Target killing of a police constable", "police"),
        ("TK of police constable", "police"),
        ("Police constable martyred", "police"),
        ("Police constable martyred in firing", "police"),
        ("Two soldiers martyred in IED blast", "army"),
        ("Firing, polio worker injured", "health_polio"),
        ("Attack on polio team; police constable martyred", "health_polio"),
        ("Tribal elder gunned down", "tribal_elder"),
        ("Attack on police on Bannu road", "police"),
        ("Militants attack on levies post", "levies_khasadar"),
        ("Attack on TTP by ISKP", "militant"),
        ("پولیس پر حملہ", "police"),
        ("چیک پوسٹ پر فائرنگ", "other_state_force"),
        ("پولیو ٹیم پر فائرنگ", "health_polio"),
        # Who acts is no target, nor is the way on which it was, nor what nobody attacked.
        ("Firing by police", None),
        ("Ambush of militants by SF", None),
        ("Police encounter", None),
        ("Police operation against militants", None),
        ("CTD raid on hideout", None),
        ("Police killed 2 militants", None),
        ("Clash with police", None),
        # After "attack of" and the like militants are who acts, even if nobody else is named.
        ("Attack of militants on police", "police"),
        ("Ambush of terrorists on FC convoy", "other_state_force"),
        ("Attack of TTP on checkpost", "other_state_force"),
        ("Attack of militants on police post foiled by SF", "police"),
        ("Attack of SF on militants", "militant"),
        ("Attack of Taliban", None),
        ("Ambush of militants on Bannu road by SF", None),
        ("Blast on Miranshah road", None),
        ("Roadside bomb", None),
        ("Bomb on the way to mosque", None),
        ("Constable on duty at a hospital shot dead", "police"),
        ("Armed men attack", None),
        ("IED blast near police station", None),
        ("Protest against police", None),
        ("Militants killed", None),
        ("Policeman killed in road accident", None),
        ("IED blast", None),
        ("", None),
    ],
)
def test_the_target_is_whom_the_words_for_an_attack_name(word, target):
    assert target_in(word) == target


def test_a_target_in_the_words_counts_only_where_no_column_states_one(read):
    rows = "2024-03-05,Bannu,Attack on police,\n2024-03-06,Bannu,Attack on police,School\n"
    result = read(f"Date,District,Type,Target\n{rows}2024-03-07,Bannu,IED blast,-\n2024-03-08,Bannu,IED blast,a wall\n")
    assert result.rows["target_type"].to_pylist() == ["police", "education", "unknown", "other"]
    (note,) = [one for one in result.notes if one.kind is NoteKind.TARGETS_IN_WORDS]
    assert note.values["words"] == [("Attack on police", "police", 1)]


def test_whose_people_were_killed_states_no_target(read):
    result = read("Date,District,Type,Police martyred\n2024-03-05,Bannu,IED blast,2\n")
    assert result.rows["target_type"].to_pylist() == ["unknown"]


@pytest.mark.parametrize(
    ("word", "attack", "began"),
    [
        ("Ambush of militants by SF", "state_operation", "state"),
        ("Attack on militants by security forces", "state_operation", "state"),
        ("Attack of militants on police", "armed_assault", "militant"),
        ("Ambush of terrorists on FC convoy", "ambush", "militant"),
        ("Attack of SF on militants", "armed_assault", "state"),
        ("Ambush of militants on Bannu road by SF", "state_operation", "state"),
        ("Attack of TTP on checkpost", "armed_assault", "militant"),
        ("Attack of Taliban", "armed_assault", "militant"),
        ("Attack on OP", "armed_assault", "militant"),
        ("Attack on army OP", "armed_assault", "militant"),
        ("Firing on FC OP", "armed_assault", "militant"),
        ("Militants attacked army OP", "armed_assault", "militant"),
        ("IED blast on police in op area", "ied", "militant"),
        ("OP", "state_operation", "state"),
        ("Ops", "state_operation", "state"),
        ("Op against militants", "state_operation", "state"),
        ("Intelligence based op", "state_operation", "state"),
        ("Clearance ops", "state_operation", "state"),
        ("Army op", "threat_other", "unknown"),
        ("Ambush of SF by militants", "ambush", "militant"),
        ("Attack on TTP by ISKP", "armed_assault", "militant"),
        ("Attack on militants by villagers", "armed_assault", "unknown"),
        ("Militant attack repulsed by SF", "armed_assault", "militant"),
        ("Attack on post repulsed by police", "armed_assault", "militant"),
        ("Attack on police foiled by SF", "disrupted_plot", "unknown"),
        ("Dead body found", "threat_other", "unknown"),
        ("Bullet riddled body found", "targeted_killing", "unknown"),
        ("Militants attacked police check post", "armed_assault", "militant"),
        ("Militant checkpost set up", "checkpoint_blockade", "militant"),
        ("TK", "targeted_killing", "militant"),
        ("T.K.", "targeted_killing", "militant"),
        ("IBO", "state_operation", "state"),
        ("IBO (operation)", "state_operation", "state"),
        ("Search op", "state_operation", "state"),
        ("Police constable martyred", "armed_assault", "militant"),
        ("TTP commander killed", "armed_assault", "unknown"),
    ],
)
def test_words_of_tables_in_use_have_their_meaning(read, word, attack, began):
    result = read(f"Date,District,Type\n2024-03-05,Bannu,{word}\n")
    found = (result.rows["attack_type"].to_pylist(), result.rows["initiator"].to_pylist())
    assert found == ([attack], [began])


@pytest.mark.parametrize(
    ("cell", "name", "claim"),
    [
        ("ISKP (claimed)", "ISKP", "claimed"),
        ("TTP/ claimed", "TTP", "claimed"),
        ("Claimed by TTP", "TTP", "claimed"),
        ("TTP claimed responsibility", "TTP", "claimed"),
        ("TTP - responsibility claimed", "TTP", "claimed"),
        ("ISKP claims responsibility", "ISKP", "claimed"),
        ("HGB - claimed via Telegram", "HGB", "claimed"),
        ("unclaimed", "", "none"),
        ("Not claimed", "", "none"),
        ("Not claimed yet", "", "none"),
        ("No claim of responsibility", "", "none"),
        ("No group claimed responsibility", "", "none"),
        # A group that did not claim an attack is not named by that.
        ("Not claimed by TTP", "", "none"),
        ("Not yet claimed by TTP", "", "none"),
        ("Unclaimed by TTP", "", "none"),
        ("No claim by TTP", "", "none"),
        ("No claim from TTP yet", "", "none"),
        ("Not claimed by any group", "", "none"),
        ("HGB (not claimed by any group)", "HGB", None),
        ("کسی گروہ نے ذمہ داری قبول نہیں کی", "", "none"),
        ("ٹی ٹی پی نے ذمہ داری قبول نہیں کی", "ٹی ٹی پی", None),
        ("TTP (not claimed)", "TTP", None),
        ("TTP has not claimed responsibility", "TTP", None),
        ("TTP did not claim responsibility", "TTP", None),
        ("TTP never claimed", "TTP", None),
        ("claimed", "", None),
        ("Hafiz Gul Bahadur group", "Hafiz Gul Bahadur group", None),
    ],
)
def test_a_claim_is_no_part_of_the_name_of_a_group(cell, name, claim):
    assert read_claim(cell) == (name, claim)


@pytest.mark.parametrize(
    ("cell", "key", "named"),
    [
        ("ISKP (claimed)", "iskp", "ISKP"),
        ("TTP/ claimed", "ttp", "TTP"),
        ("TTP", "ttp", "TTP"),
        ("-", "unid", None),
        ("N/A", "unid", None),
        ("Nil", "unid", None),
        ("unclaimed", "unid", None),
        ("unknown militants", "unid", "unknown militants"),
        ("Unknown motorcyclists", "unid", "Unknown motorcyclists"),
        ("نامعلوم", "unid", "نامعلوم"),
        ("نامعلوم دہشت گرد", "unid", "نامعلوم دہشت گرد"),
        ("unknown TTP faction", "other", "unknown TTP faction"),
        ("a new group (claimed)", "other", "a new group"),
    ],
)
def test_a_group_is_read_without_its_claim(read, cell, key, named):
    result = read(f"Date,District,Type,Group\n2024-03-05,Bannu,IED blast,{cell}\n")
    assert result.rows["group_id"].to_pylist() == [key]
    assert result.rows["group_reported"].to_pylist() == [named]
    claims = {note.values["words"][0][0] for note in result.notes if note.kind is NoteKind.CLAIMS_READ}
    assert claims == ({cell} if "claimed" in cell else set())


def test_a_claim_is_kept_where_the_cell_says_it(read):
    rows = "".join(f"2024-03-05,Bannu,{cell}\n" for cell in ("TTP (claimed)", "TTP", "unclaimed"))
    assert read(f"Date,District,Group\n{rows}").rows["attribution"].to_pylist() == ["claimed", None, "none"]


def test_a_table_in_urdu_states_target_group_and_tolls(read):
    header = "تاریخ,ضلع,نوعیت,شہداء,زخمی,ہلاک دہشت گرد,ذمہ داری\n"
    rows = "2024-03-05,بنوں,پولیس پر حملہ,۲,۳,۰,ٹی ٹی پی\n2024-03-06,ٹانک,آپریشن,0,1,۴,نامعلوم\n"
    (first, second) = read(header + rows).rows.to_pylist()
    assert (first["target_type"], first["group_id"], first["killed_best"], first["injured"]) == ("police", "ttp", 2, 3)
    assert (second["initiator"], second["group_id"], second["killed_militant"]) == ("state", "unid", 4)
