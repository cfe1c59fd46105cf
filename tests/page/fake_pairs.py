"""A spool that is made up: pairs in every state, and all that the API tells of them."""

import bisect
import datetime
import json
import random

from pictures import size_of
from quoting import encode_path, fold_match, make_command

SPOOL = "/var/spool/reeld"
PICTURES = 28
FOLDERS = ["", "film", "film/act1", "film/act2", "adverts", "adverts/spring sale", "产品", "tests"]
STATES = (
    ["done"] * 14
    + ["running"] * 3
    + ["waiting"] * 3
    + ["sending", "accepted", "downloading", "refused", "failed", "doubt", "expired", "held", "blocked"]
)
WAITS = {
    "waiting": ["queued", "incomplete", "throttled", "asking"],
    "held": ["mass", "duplicate", "held"],
    "blocked": ["ambiguous", "half", "unwritable", "settings"],
}
SUBJECTS = [
    "A paper boat",
    "An old lighthouse",
    "A red fox",
    "The night train",
    "A glass of tea",
    "A lone cyclist",
    "一只白鹤",
    "Two children",
    "A field of rye",
    "雨后的小巷",
    "The harbour crane",
    "A tabby cat",
]
DEEDS = [
    "drifts down a rain-washed gutter towards a storm drain",
    "turns its beam over a calling sea, slow dolly in",
    "steps out of the fog and looks straight into the lens",
    "crosses the viaduct, seen from far below, camera still",
    "缓缓转身，镜头从低处推近，晨光穿过薄雾",
    "waits at the kerb while neon signs wake one after another",
    "grows in time lapse through four seasons, soft light, 35 mm",
    "在风里轻轻摇晃，远处传来钟声",
]
REASONS = {
    "refused": ("Inpaint image must match the requested width and height", "图片尺寸与请求的宽高不一致"),
    "failed": ("The provider's content check stopped the job", "任务未通过服务商的内容审核"),
    "expired": ("No end within 2 hours; the job may still be under way at the API", "2 小时内没有结束，API 上的任务可能仍在进行"),
    "doubt": ("The connection was closed before an answer came; a job may have been created", "应答到来前连接被关闭，任务可能已经创建"),
}
FIELDS = [
    {"name": "model", "value": "sora-2"},
    {"name": "seconds", "value": "10"},
    {"name": "size", "value": "16x9"},
    {"name": "watermark", "value": "false"},
]
RESULTS = {
    "accepted": "job",
    "running": "job",
    "downloading": "job",
    "done": "job",
    "refused": "error",
    "failed": "error",
    "expired": "error",
    "doubt": "doubt",
}
MEDIA = {"png": "image/png", "mp4": "video/mp4", "txt": "text/plain; charset=utf-8", "json": "application/json"}


def write_time(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def split_job(job):
    folder, _, stem = job.rpartition("/")
    return folder, stem


class Pairs:
    """The pairs by path, and in the order of the list."""

    def __init__(self, now):
        self.now = now
        self.items = {}
        self.prompts = {}  # whole
        self.pictures = {}  # path: number
        self._orders = []  # (order, path), oldest first
        self._born = 0

    def add(self, job, prompt, state="waiting", age=0.0, **more):
        path = encode_path(job)
        folder, stem = split_job(job)
        self._born += 1
        created = self.now - age
        number = more.pop("picture", self._born % PICTURES)
        width, height = size_of(number)
        item = {
            "path": path,
            "job": job,
            "folder": folder,
            "stem": stem,
            "state": state,
            "wait": None,
            "reason": None,
            "reason_zh": None,
            "id": None,
            "progress": None,
            "created": write_time(created),
            "at": write_time(created),
            "order": f"{int(created * 1000):015d}-{self._born:09d}",
            "prompt": prompt[:300],
            "image": {"url": f"files/{path}.png?v={number}", "width": width, "height": height},
            "thumbnail": None,
            "video": None,
        }
        item |= more
        self.items[path] = item
        self.prompts[path] = prompt
        self.pictures[path] = number
        bisect.insort(self._orders, (item["order"], path))
        self.settle(item)
        return item

    def settle(self, item):
        """What follows from a state."""
        state, path = item["state"], item["path"]
        if state in RESULTS and state not in ("doubt", "refused") and not item["id"]:
            item["id"] = f"video_{abs(hash(path)) % 10**12:012d}"
        if state in REASONS and item["reason"] is None:
            item["reason"], item["reason_zh"] = REASONS[state]
        if state not in REASONS:
            item["reason"] = item["reason_zh"] = None
        if state in WAITS:
            item["wait"] = item["wait"] or WAITS[state][0]
        else:
            item["wait"] = None
        item["progress"] = (item["progress"] or 0) if state in ("running", "downloading") else None
        item["video"] = (
            {"url": f"files/{path}.mp4?v=1", "bytes": 24000, "type": "video/mp4"} if state == "done" else None
        )

    def remove(self, path):
        item = self.items.pop(path)
        self._orders.remove((item["order"], path))

    def newest_first(self):
        return (self.items[path] for _, path in reversed(self._orders))

    def list(self, states, folder, q, cursor, limit):
        place = len(self._orders) if cursor is None else bisect.bisect_left(self._orders, (cursor, ""))
        found = []
        while place > 0 and len(found) <= limit:
            place -= 1
            item = self.items[self._orders[place][1]]
            if is_wanted(item, states, folder, q):
                found.append(item)
        has_more = len(found) > limit
        return {"items": found[:limit], "next": found[limit - 1]["order"] if has_more else None}

    def count_states(self):
        counts = {}
        for item in self.items.values():
            counts[item["state"]] = counts.get(item["state"], 0) + 1
        return counts

    def folders(self):
        counts = {}
        for item in self.items.values():
            counts[item["folder"]] = counts.get(item["folder"], 0) + 1
        return [{"path": encode_path(name), "name": name, "pairs": count} for name, count in sorted(counts.items())]


def is_wanted(item, states, folder, q):
    place = item["path"].rpartition("/")[0]
    if states and item["state"] not in states:
        return False
    if folder is not None and place != folder and (folder == "" or not place.startswith(folder + "/")):
        return False
    return fold_match(q, item["job"] + "\n" + item["prompt"])


def fill(pairs, count, seed=1):
    """`count` pairs of all states, the newest a moment old."""
    dice = random.Random(seed)
    for number in range(count):
        state = (
            STATES[dice.randrange(len(STATES))]
            if number < count - 4
            else ["sending", "running", "waiting", "done"][number % 4]
        )
        folder = FOLDERS[dice.randrange(len(FOLDERS))]
        name = f"{folder}/scene{number + 1}".lstrip("/")
        prompt = f"{dice.choice(SUBJECTS)} {dice.choice(DEEDS)}."
        if number % 7 == 0:
            prompt += " " + " ".join(dice.sample(DEEDS, 3))
        pairs.add(
            name,
            prompt,
            state,
            age=(count - number) ** 1.35 * 7,
            progress=dice.randrange(5, 96),
            wait=dice.choice(WAITS.get(state, [None])),
        )


def tell_all(pairs, path):
    """Everything about one pair."""
    item = pairs.items[path]
    state = item["state"]
    attempts = [] if state in ("waiting", "held", "blocked") else make_attempts(item)
    result = RESULTS.get(state)
    texts = {"answer": None, "error": None, "doubt": None}
    if item["id"]:
        texts["answer"] = {
            "text": json.dumps(
                {
                    "id": item["id"],
                    "object": "video",
                    "model": "sora_video2",
                    "status": "completed" if state == "done" else "in_progress",
                    "progress": item["progress"] or 0,
                    "created_at": 1764000000,
                    "size": "1280x720",
                    "error": None,
                }
            ),
            "cut": False,
        }
    if result in ("error", "doubt"):
        texts[result] = {
            "text": json.dumps(
                {
                    "verdict": state,
                    "reason": item["reason"],
                    "reason_zh": item["reason_zh"],
                    "http_status": 400 if state == "refused" else 0,
                    "attempts": 1,
                    "at": item["at"],
                },
                ensure_ascii=False,
            ),
            "cut": False,
        }
    return {
        "item": item,
        "prompt": pairs.prompts[path],
        "commands": commands_for(item),
        "times": make_times(item),
        "fields": FIELDS if attempts else [],
        "attempts": attempts,
        **texts,
        "files": make_files(item, result),
        "takes": make_takes(item),
    }


def make_attempts(item):
    verdict = {"sending": None, "refused": "refused", "doubt": "doubt"}.get(item["state"], "accepted")
    ms = {"queued": 12, "connect": 64, "upload": 412, "ack": 38, "commit": 6, "answer": 1830}
    first = {
        "number": 1,
        "started": item["created"],
        "ended": item["created"],
        "verdict": "unsent",
        "http_status": None,
        "request_id": None,
        "reason": "The connection was reset while the image was uploaded",
        "reason_zh": "上传图片时连接被重置",
        "ms": {"connect": 61, "upload": 207},
    }
    last = {
        "number": 2,
        "started": item["created"],
        "ended": item["at"],
        "verdict": verdict,
        "http_status": {"accepted": 200, "refused": 400}.get(verdict),
        "request_id": "req_8fd1c2",
        "reason": item["reason"] if verdict != "accepted" else None,
        "reason_zh": item["reason_zh"] if verdict != "accepted" else None,
        "ms": ms if verdict else {"queued": 12, "connect": 64},
    }
    return [first, last]


def make_times(item):
    stages = {
        "done": ["created", "ready", "sent", "accepted", "completed", "downloaded"],
        "doubt": ["created", "ready", "sent", "doubt"],
        "refused": ["created", "ready", "sent", "refused"],
        "failed": ["created", "ready", "sent", "accepted", "failed"],
        "expired": ["created", "ready", "sent", "accepted", "expired"],
        "sending": ["created", "ready", "sent"],
        "waiting": ["created"],
        "held": ["created"],
        "blocked": ["created"],
    }
    return [
        {"stage": stage, "at": item["created"] if stage == "created" else item["at"]}
        for stage in stages.get(item["state"], ["created", "ready", "sent", "accepted"])
    ]


def make_files(item, result):
    kinds = [("prompt", "txt", 180), ("image", "png", 48213)] + ([(result, f"{result}.json", 412)] if result else [])
    kinds += [("video", "mp4", 24000)] if item["video"] else []
    return [
        {"name": f"{item['stem']}.{ending}", "kind": kind, "url": f"files/{item['path']}.{ending}", "bytes": size}
        for kind, ending, size in kinds
    ]


def make_takes(item):
    if item["state"] != "done" or not item["path"].endswith("0"):
        return []
    names = [("job", "take1.job.json", 398), ("video", "take1.mp4", 24000)]
    return [
        {
            "number": 1,
            "id": "video_00former0",
            "files": [
                {
                    "name": f"{item['stem']}.{ending}",
                    "kind": kind,
                    "url": f"files/{item['path']}.{ending}",
                    "bytes": size,
                }
                for kind, ending, size in names
            ],
        }
    ]


def commands_for(item):
    place = f"{SPOOL}/{item['job']}"
    if item["state"] == "doubt":
        return [
            make_command("accepted", "reeld", "resolve", place, "--accepted", "ID"),
            make_command("not_accepted", "reeld", "resolve", place, "--not-accepted"),
        ]
    if item["state"] in ("refused", "failed"):
        return [make_command("retry", "reeld", "retry", place)]
    if item["state"] == "expired":
        return [make_command("follow", "reeld", "follow", place)]
    if item["state"] == "held":
        return [make_command("release", "reeld", "release", place)]
    if item["state"] == "blocked":
        return [make_command("check", "reeld", "check", "--pairs", place)]
    return []
