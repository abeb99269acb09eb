"""The certificate on the page Quality: planned, begun, closed and exported in four clicks."""

import pytest
from streamlit.testing.v1 import AppTest

from annotator.model import Person
from annotator.model.auditing.plans import Offer
from tests.annotator import audits


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws")
    yield opened
    opened.close()


def page(service):
    """The section alone."""

    def script(service):
        from unittest.mock import patch

        from annotator.ui.certifying import following, section

        with patch.object(following, "link", lambda *_: None):  # there are no pages to link to
            section.section(service)

    app = AppTest.from_function(script, kwargs={"service": service}).run(timeout=300)
    assert not app.exception
    return app


def click(app, name):
    [button] = [each for each in app.button if each.label == name]
    button.click().run(timeout=300)
    assert not app.exception
    return app


def text(app):
    """All that is said, without Markdown's escapes."""
    parts = [*app.caption, *app.markdown, *app.success, *app.error, *app.info]
    return (
        "\n".join(each.value for each in parts)
        .replace("\\", "")
        .replace("*", "")
        .replace("\u00a0", " ")
    )


def test_four_clicks_lead_from_nothing_to_an_export_that_verifies(service):
    """Certify, begin, close, export; between them the labels."""
    app = click(page(service), "Certify")
    app.selectbox(key="certify_target").select("0.9").run(timeout=300)
    assert "Below 26 labels nothing can be certified." in text(app)
    app.number_input(key="certify_labels_0.9_0.95_0").set_value(60).run(timeout=300)
    assert "60 labels release" in text(app)
    click(app, "Begin the audit")
    progress = service.certify.status()
    assert (progress.labels, progress.terms.target) == (60, "0.9")
    assert "Cancel the audit" in [each.label for each in app.button]
    audits.answer(service)
    app = page(service)
    assert "All is answered." in text(app)
    click(app, "Close and see what it proves")
    assert "are certified at 90 %" in text(app)
    assert "The chance that this is false is at most 5 %." in text(app)
    click(app, "Export with the certificate")
    [out] = service.workspace.exports.iterdir()
    assert all(each.holds for each in service.verify(out))


def test_a_failed_audit_says_what_happened_and_what_to_do_and_exports_nothing(service):
    """In red, with no button to export."""
    service.certify.begin(40, audits.TERMS)
    rows = service.store.audits.rows(1)
    audits.answer(service, wrong=tuple(each.image_id for each in rows[:20]))
    app = page(service)
    assert "nothing can be released" in text(app)
    click(app, "Close and see what it proves")
    [told] = app.error
    assert "Nothing is certified" in told.value
    assert "Label more and train another round" in text(app)
    assert "Export with the certificate" not in [each.label for each in app.button]


def test_an_answer_that_differs_is_looked_at_twice_before_the_end(service):
    """Two classes and no hint; what is chosen is final."""
    service.certify.begin(40, audits.TERMS)
    row = max(service.store.audits.rows(1), key=lambda each: each.rank)
    audits.answer(service, wrong=(row.image_id,))
    app = page(service)
    assert "Look twice · 1 to go" in text(app)
    assert {"dark", "light"} <= {each.label for each in app.button}
    names = {each.id: each.name for each in service.classes()}
    click(app, names[row.class_id])
    assert "Look twice" not in text(app)
    click(app, "Close and see what it proves")
    assert "40 blind answers 1 differed from the pseudo-label; after a second look 0" in text(app)


def test_too_few_labels_are_refused_on_the_form(service):
    """With what it takes; nothing is begun. What cannot be promised of groups is not asked."""
    app = click(page(service), "Certify")
    assert "What counts alike" not in [each.label for each in app.selectbox]
    app.number_input(key="certify_labels_0.95_0.95_0").set_value(5).run(timeout=300)
    assert "5 labels can certify nothing" in text(app)
    assert "Begin the audit" not in [each.label for each in app.button]


def test_an_average_group_is_chosen_where_groups_are_known_and_has_one_test(service):
    """Strictness is then not to be had; the result says what was drawn, and shows no curve."""
    service.store.db.run("UPDATE image SET in_group = 'p' || (id / 3)")
    app = click(page(service), "Certify")
    app.selectbox(key="certify_by").set_value("group").run(timeout=300)
    assert "an average group's released pseudo-labels, such as a patient's" in text(app)
    assert app.checkbox(key="certify_strict").disabled
    click(app, "Begin the audit")
    assert service.certify.status().audit.plan["by"] == "group"
    service.certify.close(unanswered_wrong=True)
    app = page(service)
    assert "Nothing is certified" in app.error[0].value
    assert "There is no curve" in text(app)


def test_what_is_promised_is_chosen_on_the_form(service):
    """A class, strictness, and retries: it says how they share the chance, before it begins."""
    app = click(page(service), "Certify")
    app.selectbox(key="certify_class").set_value("dark")
    app.checkbox(key="certify_strict").check()
    app.selectbox(key="certify_retries").set_value(1).run(timeout=300)
    told = text(app).replace("\N{NO-BREAK SPACE}", " ")
    assert "attempt 1 of 2 that are declared together" in told
    assert "its chance to be false were 4 %, so that all of them stay at 5 %" in told
    click(app, "Begin the audit")
    plan = service.certify.status().audit.plan
    assert plan["declared"] == ["1/25", "1/100"]
    assert (plan["class"], plan["strict"]) == ("dark", True)


def test_several_classes_are_certified_at_once(service):
    """Chosen on the form, with what each takes; a table says what came of each."""
    app = click(page(service), "Certify")
    app.selectbox(key="certify_target").select("0.9")
    app.selectbox(key="certify_confidence").select("0.9")
    app.selectbox(key="certify_class").set_value("\neach").run(timeout=300)
    assert "'dark': " in text(app)
    app.multiselect(key="certify_each").set_value(["dark"]).run(timeout=300)
    assert "Choose two classes or more" in text(app)
    app.multiselect(key="certify_each").set_value(["dark", "light"]).run(timeout=300)
    click(app, "Begin the audit")
    assert [each["class"] for each in service.certify.status().audit.plan["parts"]] == [
        "dark",
        "light",
    ]
    audits.answer(service)
    app = click(page(service), "Close and see what it proves")
    assert "All of these hold at once" in text(app)
    [table] = app.dataframe
    assert list(table.value["class"]) == ["dark", "light"]
    click(app, "Export with the certificate")
    [out] = service.workspace.exports.iterdir()
    assert all(each.holds for each in service.verify(out))


def test_who_may_not_certify_reads_who_may(service):
    """An annotator sees no audit."""
    app = page(service.acting(Person("anna", "annotator")))
    assert "Only a reviewer or an admin may see how far an audit is" in text(app)
    assert not app.button


def test_what_was_certified_is_gone_on_from_at_a_click(service, monkeypatch):
    """Offered where all that was drawn from is certified and there is more."""
    monkeypatch.setattr(
        "annotator.auditing.planning.as_offer", lambda f: Offer(f.m, 100, 0, 2, 0, 1)
    )
    service.certify.begin(60, audits.TERMS)
    monkeypatch.undo()
    audits.answer(service)
    assert service.certify.close().released == 100
    app = page(service)
    app.checkbox(key="certify_beyond").check().run(timeout=300)
    assert "It adds no chance to be false" in text(app)
    app.number_input(key="certify_on").set_value(30).run(timeout=300)
    click(app, "Go on")
    assert service.certify.status().audit.plan["after"] == 100
