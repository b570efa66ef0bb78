"""The firms and persons of the story. All of them are invented."""

from collections.abc import Mapping
from typing import Final

from sample_host.matter import PartyRow

from .plot import both


def _firm(key: str, zh: str, en: str) -> PartyRow:
    return PartyRow(id=key, name=both(zh, en), is_organisation=True)


def _person(key: str, zh: str, en: str) -> PartyRow:
    return PartyRow(id=key, name=both(zh, en), is_organisation=False)


_ALL: Final = (
    _firm("wang-noodles", "王记面馆", "Wang’s Noodles"),
    _firm("li-barbecue", "李记烧烤", "Li’s Barbecue"),
    _firm("old-street-tofu", "老街豆花店", "Old Street Tofu"),
    _firm("mei-congee", "阿梅粥铺", "Mei’s Congee"),
    _firm("sichuan-corner", "川味小馆", "Sichuan Corner"),
    _firm("blue-bridge", "蓝桥咖啡", "Blue Bridge Café"),
    _firm("shunfa-fruit", "顺发水果店", "Shunfa Fruit"),
    _firm("riverside-stall", "江边大排档", "Riverside Food Stall"),
    _firm("fuman", "福满楼", "Fuman Restaurant"),
    _firm("small-town-diner", "小城故事茶餐厅", "Small Town Tea Diner"),
    _firm("zhang-buns", "张记包子铺", "Zhang’s Buns"),
    _firm("alley-wok", "巷口小炒", "Alley Wok"),
    _firm("half-acre-tea", "半亩茶舍", "Half Acre Tea House"),
    _firm("hengxin-estate", "恒信房产中介", "Hengxin Estate Agents"),
    _firm("xinchao-hair", "新潮理发店", "Xinchao Hair"),
    _firm("youxuan", "优选超市", "Youxuan Supermarket"),
    _firm("yunding-fitness", "云顶健身房", "Yunding Fitness"),
    _firm("xinyun-haulage", "鑫运渣土运输队", "Xinyun Haulage"),
    _firm("hongtu", "鸿途货运", "Hongtu Transport"),
    _firm("anju", "安居装饰", "Anju Renovation"),
    _firm("hongye", "宏业建材", "Hongye Building Materials"),
    _firm("lianchuang", "联创建筑", "Lianchuang Construction"),
    _firm("zhengxin", "正心装修", "Zhengxin Fit-out"),
    _firm("sunny-tiles", "晴光瓷砖", "Sunny Tiles"),
    _person("shen-jianguo", "沈建国", "Shen Jianguo"),
    _person("tang-xiaojun", "唐小军", "Tang Xiaojun"),
    _firm("chenguang-books", "晨光书店", "Chenguang Bookshop"),
    _firm("marathon", "云汀马拉松筹备组", "Yunting Marathon Committee"),
    _firm("riverbank-school", "江岸幼儿园", "Riverbank Kindergarten"),
    _firm("jiemei", "洁美洗车", "Jiemei Car Wash"),
    _firm("yunting-gas", "云汀燃气", "Yunting Gas"),
    _firm("antai-gas", "安泰燃气站", "Antai Gas Station"),
    _firm("yunjian", "云建市政工程", "Yunjian Municipal Works"),
    _firm("qingxi", "清溪园林", "Qingxi Landscaping"),
    _firm("mingdeng", "明灯照明", "Mingdeng Lighting"),
    _firm("tongda", "通达管道", "Tongda Pipelines"),
    _firm("pingan-bridge", "平桥养护", "Pingqiao Maintenance"),
)

PARTIES: Final[Mapping[str, PartyRow]] = {row.id: row for row in _ALL}
