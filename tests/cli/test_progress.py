import pytest
from screens import look_at

from gene_analogies.cli.progress import IndexProgress, PoolProgress, TimeLeft, WorkProgress


@pytest.mark.parametrize("bar", [IndexProgress(), WorkProgress("top")])
def test_short_work_shows_nothing_where_there_is_no_terminal(capsys, bar):
    with bar as progress:
        progress(1, 2)
        progress(2, 2)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("make", "label"),
    [
        (IndexProgress, "neighbour index of 1,000 items (once)"),
        (lambda clock: WorkProgress("modules", clock), "modules"),
    ],
)
def test_a_line_every_ten_seconds_where_there_is_no_terminal(capsys, make, label):
    now = 100.0
    with make(lambda: now) as progress:
        for _ in range(2):  # a second piece of work begins anew
            for done in range(100, 1001, 100):
                progress(done, 1000)
                now += 4.0
    lines = [
        f"{label}: 40%, 0:00:24 left", f"{label}: 70%, 0:00:12 left",
    ]  # fmt: skip
    assert capsys.readouterr() == ("", "".join(f"{line}\n" for line in 2 * lines))


def test_a_terminal_gets_a_bar_and_its_cursor_back(monkeypatch):
    screen = look_at(monkeypatch)
    with IndexProgress() as progress:
        progress(5_000, 20_000)
        progress(20_000, 20_000)
        shown = screen.getvalue()
        assert "neighbour index of 20,000 items" in shown
        assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
        progress(1, 3_000)
        assert "neighbour index of 3,000 items" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")
    assert screen.getvalue().count("\x1b[?25h") == 2


def test_work_shows_its_label_its_share_and_the_time(monkeypatch):
    screen = look_at(monkeypatch)
    with WorkProgress("top") as progress:
        progress(20.5, 82.0)
        shown = screen.getvalue()
        assert "top" in shown
        assert "25%" in shown
        assert "0:00:00" in shown
        assert "left" not in shown
        progress(41.0, 82.0)
        progress(82.0, 82.0)
        assert "left" in screen.getvalue()
        assert screen.getvalue().endswith("\x1b[2K")
    assert screen.getvalue().count("\x1b[?25h") == 1


def test_random_pairs_are_announced_once_they_can_be_estimated(capsys):
    now = 100.0
    with PoolProgress(lambda: now) as progress:
        for done in range(0, 6001, 30):
            progress(done, 6000)
            now += 0.1
    assert capsys.readouterr() == (
        "", "6,000 random pairs are asked, once for these options: about 20 s\nrandom pairs: 50%, "
        "0:00:10 left\n",
    )  # fmt: skip


def test_time_left_follows_the_pace_since_the_first_call_and_counts_down():
    now = 1000.0
    left = TimeLeft(lambda: now)
    assert str(left) == ""
    left.moved(50, 100)  # half of it was done in an earlier run
    now += 10
    assert str(left) == ""
    left.moved(51, 100)
    assert str(left) == "0:08:10 left"
    now += 60
    assert str(left) == "0:07:10 left"
    now += 3600
    assert str(left) == "0:00:00 left"
    left.moved(100, 100)
    assert str(left) == "0:00:00 left"


@pytest.mark.parametrize("bar", [IndexProgress(), WorkProgress("top")])
def test_an_interruption_takes_the_bar_away(monkeypatch, bar):
    screen = look_at(monkeypatch)

    def stop():
        with bar as progress:
            progress(1, 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert screen.getvalue().count("\x1b[?25h") == 1
