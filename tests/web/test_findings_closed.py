"""A finding is closed on its page, by somebody not concerned."""

from tests.support.review_city import AUDITOR, LEAD
from tests.support.small_host import SmallHost
from tests.web.letter_writing import WHY, finding, opened, post


def test_a_finding_is_closed_on_its_page_by_somebody_not_concerned(own_city: SmallHost) -> None:
    id_ = finding(own_city)
    path, action = f"/cleangov/findings/{id_}", f"/cleangov/findings/{id_}/end"
    assert action not in opened(own_city, path, LEAD).html, "a lead looks on"
    page = opened(own_city, path, AUDITOR)
    assert post(own_city, action, AUDITOR, page, ending="", reason=WHY).status_code == 409
    given = {"ending": "confirmed", "reason": WHY}
    assert post(own_city, action, LEAD, page, **given).status_code == 409
    assert post(own_city, action, AUDITOR, page, **given).status_code == 303
    page = opened(own_city, path, AUDITOR)
    assert "查实" in page.text
    assert action not in page.html
