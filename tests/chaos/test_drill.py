"""The drill's own arithmetic: a drill that cannot fail proves nothing."""

import json
import unittest

from drill import judge, plan

_COUNTS = {"gateway kill": 60, "broker leader kill": 15, "controller kill": 15, "clickhouse kill": 10, "cut": 12}


def attempt(sent_ms, ended_ms, outcome="acknowledged", seqs=(1,), is_retry=False):
    """One line of the simulator's file."""
    return json.dumps({
        "session_key": "18446744073709551615", "beacons": [["json", seq] for seq in seqs], "sent_ms": sent_ms,
        "ended_ms": ended_ms, "outcome": outcome, "is_retry": is_retry,
    })  # fmt: skip


def read(*lines):
    """As the drill reads them."""
    return list(judge.read(lines))


class Lost(unittest.TestCase):
    def test_an_acknowledged_beacon_that_is_not_stored_is_found(self):
        attempts = read(attempt(0, 5, seqs=(1, 2)), attempt(9, 12, "failed", seqs=(3,)))
        key = "18446744073709551615"
        self.assertEqual(judge.lost(attempts, [(key, "json", 1)]), {(key, "json", 2)})
        self.assertEqual(judge.lost(attempts, [(key, "json", 2), (key, "json", 1)]), set())

    def test_another_counter_is_another_beacon(self):
        attempts = read(attempt(0, 5))
        self.assertEqual(len(judge.lost(attempts, [("18446744073709551615", "json:beats", 1)])), 1)


class FirstTries(unittest.TestCase):
    def test_a_request_belongs_to_every_window_that_saw_it(self):
        windows = [(100, 200), (150, 300)]
        before, into, within = attempt(10, 99), attempt(50, 120, "failed"), attempt(250, 260, "unsent", seqs=(1, 2))
        after, never = attempt(301, 400, "failed"), attempt(20, None, "failed")
        tries = judge.first_tries(read(before, into, within, after, never), windows)
        self.assertEqual((tries["outside"].offered, tries["outside"].acknowledged), (2, 1))
        self.assertEqual((tries["inside"].offered, tries["inside"].acknowledged), (4, 0))
        self.assertEqual(tries["outside"].percent, 50.0)

    def test_later_tries_do_not_count(self):
        tries = judge.first_tries(read(attempt(10, 20, "failed"), attempt(30, 40, is_retry=True)), [])
        self.assertEqual((tries["outside"].offered, tries["outside"].acknowledged), (1, 0))

    def test_windows_that_touch_are_one(self):
        self.assertEqual(judge.merge([(5, 7), (1, 3), (3, 4), (6, 9)]), [(1, 4), (5, 9)])

    def test_what_clients_felt_is_measured_from_the_first_failure_in_the_window_to_the_last(self):
        failed = read(attempt(900, 1200, "failed"), attempt(1500, 3500, "failed"), attempt(9000, 9100, "failed"))
        self.assertEqual(judge.felt_s(failed, (1000, 2000)), 2.5)
        self.assertEqual(judge.felt_s(failed, (4000, 5000)), 0.0)


class Plan(unittest.TestCase):
    def test_every_fault_that_was_asked_for_is_planned_once(self):
        rounds = plan.draw(_COUNTS, 7)
        kinds = [strike.kind for round in rounds for strike in round.strikes]
        self.assertEqual({kind: kinds.count(kind) for kind in _COUNTS}, _COUNTS)
        self.assertTrue(any(len(round.strikes) == 2 for round in rounds))
        self.assertTrue(all(round.strikes[0].after_s == 0 and len(round.strikes) < 3 for round in rounds))

    def test_a_seed_is_a_plan(self):
        self.assertEqual(plan.draw(_COUNTS, 7), plan.draw(_COUNTS, 7))
        self.assertNotEqual(plan.draw(_COUNTS, 7), plan.draw(_COUNTS, 8))


if __name__ == "__main__":
    unittest.main()
