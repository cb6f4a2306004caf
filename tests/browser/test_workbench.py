"""The editors' jobs in a real browser, with their clicks counted."""

import pytest


@pytest.fixture(scope="module")
def running(serve, tmp_path_factory):
    """A directory of its own, because these jobs write."""
    with serve(tmp_path_factory.mktemp("workbench")) as directory:
        yield directory


@pytest.fixture
def desk(chromium, running):
    """An editor's tab at the index of the admin, and a function that clicks and counts."""
    context = chromium.new_context(base_url=running.address, reduced_motion="reduce")
    tab = context.new_page()
    tab.complaints = []
    tab.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
    tab.goto("/admin/login/?next=/admin/")
    tab.fill("[name=username]", running.editor)
    tab.fill("[name=password]", running.password)
    tab.click("main [type=submit]")
    tab.wait_for_url("**/admin/")
    tab.clicks = 0

    def click(selector):
        tab.clicks += 1
        tab.click(selector)

    yield tab, click
    assert tab.complaints == []
    context.close()


def choose(tab, click, selector, text):
    """Choose a row of an autocomplete by keyboard, after one click."""
    click(selector)
    box = tab.locator(".select2-dropdown .select2-search__field")
    box.press_sequentially(text)
    tab.locator(f".select2-results__option--highlighted:has-text('{text}')").wait_for()
    box.press("Enter")


def test_merge_with_labs_and_its_undo_take_twelve_clicks_at_most(desk):
    tab, click = desk
    click("#content-main a:text-is('Institutions')")
    click("th a:text-is('National Center for Biotechnology')")
    click(".object-tools a:text-is('Merge…')")
    choose(tab, click, ".select2-selection", "Nazarbayev")
    click("[value='Show both']")
    assert "Oncological Center" in tab.locator("#content").inner_text()
    click("[value=Merge]")
    assert "Merged: Nazarbayev University" in tab.locator(".messagelist").inner_text()
    assert tab.locator("#id_labs-0-name").input_value() == "Oncological Center"
    click(".messagelist a")
    click("[value=Undo]")
    assert "as it was before" in tab.locator(".messagelist").inner_text()
    assert tab.clicks <= 12
    assert tab.goto("/institutions/nazarbayev-university/labs/oncological-center/").status == 200


def test_deleted_partner_is_restored_in_four_clicks(desk):
    tab, click = desk
    tab.goto("/admin/partners/institution/?q=Mirkod")
    tab.click("th a:text-is('Mirkod LLC')")
    tab.click("a.deletelink")
    tab.click("#content [type=submit]")
    assert tab.request.get("/institutions/mirkod/").status == 404
    tab.goto("/admin/")
    click("#content-main a:text-is('Institutions')")
    click(".object-tools a:text-is('Trash')")
    click("td a:has-text('Restore')")
    click("[value=Restore]")
    assert tab.clicks <= 4
    assert tab.goto("/institutions/mirkod/").status == 200


def test_new_hospital_with_labs_roles_names_and_contact_is_one_save(desk):
    tab, click = desk
    tab.goto("/admin/partners/institution/add/")
    tab.fill("#id_name", "City Hospital")
    tab.select_option("#id_kind", "hospital")
    for number, name in enumerate(["Больница", "Аурухана", "CH"]):
        click("#names-group .add-row a")
        tab.fill(f"#id_names-{number}-value", name)
        tab.select_option(f"#id_names-{number}-kind", "native" if number < 2 else "acronym")
    for number, name in enumerate(["Apheresis unit", "Ward"]):
        click("#labs-group .add-row a")
        tab.fill(f"#id_labs-{number}-name", name)
        tab.fill(f"#id_labs-{number}-slug", name.split()[0].lower())
    for number, lab in enumerate(["Apheresis unit", "Ward", ""]):
        click("#participations-group .add-row a")
        choose(tab, click, f"#participations-{number} .select2-selection >> nth=0", "Apheresis")
        tab.fill(f"#id_participations-{number}-new_lab", lab)
    click("#contacts-group .add-row a")
    tab.fill("#id_contacts-0-mailbox", "cart@example.org")
    tab.fill("#id_contacts-0-new_lab", "Ward")
    click("[name=_save]")
    assert "was added successfully" in tab.locator(".messagelist").inner_text()
    tab.goto("/institutions/city-hospital/")
    text = tab.locator("main").inner_text()
    assert all(word in text for word in ["Apheresis unit", "Ward", "Аурухана"])


def test_enter_takes_no_role_that_was_found_for_what_stood_there_before(desk):
    tab, click = desk
    tab.goto("/admin/partners/institution/add/")
    click("#participations-group .add-row a")
    click("#participations-0 .select2-selection >> nth=0")
    tab.locator(".select2-results__option--highlighted").wait_for()
    box = tab.locator(".select2-dropdown .select2-search__field")
    box.press_sequentially("apher")
    box.press("Enter")
    if tab.locator("#id_participations-0-role").input_value() == "":  # nothing was found yet
        tab.locator(".select2-results__option--highlighted:has-text('Apheresis')").wait_for()
        box.press("Enter")
    assert tab.locator("#id_participations-0-role").input_value() == "apheresis"
