"""A passkey in a real browser: added, asked for at the next sign-in, removed."""

import pytest

HERE = "/admin/second-factor/"


@pytest.fixture
def localhost(serve, tmp_path):
    """A running directory under the only name to which browsers give passkeys without https."""
    with serve(tmp_path, ALLOWED_HOSTS="localhost") as running:
        yield running.address.replace("127.0.0.1", "localhost"), running


@pytest.fixture
def tab(chromium, localhost):
    """A tab of a browser with an authenticator that agrees to everything."""
    context = chromium.new_context(base_url=localhost[0])
    tab = context.new_page()
    devtools = context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    options = {
        **{"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True},
        **{"isUserVerified": True, "automaticPresenceSimulation": True},
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    tab.complaints = []
    tab.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
    yield tab
    context.close()


def test_a_passkey_is_added_and_asked_for_at_the_next_sign_in(tab, localhost):
    _address, directory = localhost

    def sign_in():
        tab.goto("/admin/login/")
        tab.fill("[name=username]", directory.editor)
        tab.fill("[name=password]", directory.password)
        tab.click("main [type=submit]")

    sign_in()
    tab.wait_for_url("**/admin/")
    tab.click("text=Second factor")
    tab.click("text=Add a passkey")
    tab.fill("[name=password]", directory.password)  # changes ask once more who it is
    tab.click("main [type=submit]")
    tab.fill("[name=name]", "this desk")
    tab.click("[data-passkey=create]")
    tab.wait_for_url(f"**{HERE}codes/")
    assert tab.locator("main code").count() == 10
    tab.goto(HERE)
    assert "this desk" in tab.locator("main").inner_text()

    tab.click("text=Log out")
    sign_in()
    tab.wait_for_url(f"**{HERE}sign-in/")
    tab.click("[data-passkey=get]")
    tab.wait_for_url("**/admin/")

    tab.goto(HERE)
    tab.click("a:text-is('Remove')")
    tab.fill("[name=password]", directory.password)
    tab.click("main [type=submit]")
    tab.click("[value=Remove]")
    tab.wait_for_url(f"**{HERE}")
    assert "No passkey yet." in tab.locator("main").inner_text()
    assert tab.complaints == []
