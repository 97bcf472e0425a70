"""Short questions that ask the same stand together, and a common ending makes nothing alike."""

from sujin.engine.alike import clusters

ASKED = [
    "数字人民币钱包怎么注销", "注销数字人民币钱包", "数币钱包注销不了怎么办",
    "外币现钞能不能存", "外币现钞存不存得了", "猫怎么办",
]  # fmt: skip


def groups(texts: list[str]) -> list[set[str]]:
    return [{texts[place] for place in cluster.members} for cluster in clusters(texts)]


def test_what_asks_the_same_is_one_cluster_the_largest_first() -> None:
    found = groups(ASKED)
    assert found[0] >= {ASKED[0], ASKED[1]}
    assert {ASKED[3], ASKED[4]} in found
    assert {"猫怎么办"} in found


def test_the_same_words_are_one_question_however_they_are_written() -> None:
    assert groups(["ETC 怎么退", "ｅｔｃ怎么退？"]) == [{"ETC 怎么退", "ｅｔｃ怎么退？"}]


def test_the_most_central_of_a_cluster_comes_first() -> None:
    told = ["年费怎么退", "信用卡年费怎么退", "信用卡的年费怎么退回来"]
    (cluster,) = clusters(told)
    assert told[cluster.members[0]] == "信用卡年费怎么退"


def test_nothing_gives_nothing_and_the_same_twice_the_same_answer() -> None:
    assert clusters([]) == []
    assert clusters(ASKED) == clusters(ASKED)


def test_every_question_is_in_exactly_one_cluster() -> None:
    places = [place for cluster in clusters([*ASKED, "", "？"]) for place in cluster.members]
    assert sorted(places) == list(range(len(ASKED) + 2))
