"""A name is read where somebody gives one, and nowhere else."""

import pytest

from sujin.engine.names import stated_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫刘芳，手机13900112233", "刘芳"),
        ("你好我是王建国，卡被吞了", "王建国"),
        ("姓名：欧阳倩 电话13900112233", "欧阳倩"),
        ("本人李四，今年被收了年费", "李四"),
        ("我的名字叫陈立。", "陈立"),
        ("我是常客，每个月都来", ""),
        ("我是金卡客户，为什么排队", ""),
        ("我是高中老师，来办工资卡", ""),
        ("本人于是来投诉", ""),
        ("我叫他来他不来", ""),
        ("我是你们的老客户张三的儿子", ""),
        ("经理姓王，态度很差", ""),
        ("", ""),
    ],
)
def test_a_name_is_read_only_where_it_is_given(text: str, name: str) -> None:
    assert stated_name(text) == name
