"""The benchmark of reading, small enough for every run of the tests."""

from meeting_app.bench.read import bench_read


def test_reading_is_measured_beside_streamlits_own_viewer():
    measured = bench_read(pages=40, size=4_000_000, tablets=20)
    for name in ("first_page_ms", "first_page_bytes", "st_pdf_first_page_ms", "st_pdf_bytes", "turn_200_last_ms"):
        assert measured[name] > 0, name
    assert measured["pages_prepared_per_s"] > 0
    assert measured["st_pdf_bytes"] > 4_000_000  # all of it, before anything is shown
    assert measured["first_page_bytes"] < measured["st_pdf_bytes"]
