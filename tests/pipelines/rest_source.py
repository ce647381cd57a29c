"""Plays the requests of dlt's rest_api source (1.26), with the standard library alone.

`Source(config)` takes the configuration of that source: `client` with base_url, auth, headers, paginator,
session; `resources` with name, endpoint (path, params, data_selector, paginator, response_actions) and
include_from_parent. `rows()` yields (resource, row) in the order in which the source asks.

What is played: URLs, headers and authentication; the detection of paginators and of data selectors by the
first response; parameters of pages; one request for each row of a parent resource; attempts after 429, 5xx and
lost connections. As in dlt nothing stops a server that repeats its cursor; `max_requests` does in tests.
"""

import base64
import http.client
import itertools
import json
import re
import time
import urllib.parse

ATTEMPTS = 5
LIST_KEYS = ("data", "items", "results", "entries", "records", "rows", "entities", "payload", "content",
             "objects", "values")
DEPTH = 3  # of the searches in a response


class HttpError(Exception):
    def __init__(self, status, url, body):
        super().__init__(f"{status} for {url}: {body[:200]}")
        self.status = status


class TooManyRequests(Exception):
    """Not of dlt: the limit of a test."""


class Response:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


class Client:
    """Sends GET requests over one connection, which is opened again when it is lost."""

    def __init__(self, config, sleep=time.sleep, max_requests=None):
        self.base_url = config["base_url"]
        self.auth = config.get("auth") or {}
        self.headers = {"User-Agent": "dlt/1.26.0", "Accept": "*/*", **(config.get("headers") or {})}
        self.session = config.get("session")  # of the user: it has its own headers and does not retry
        self.sleep = sleep
        self.max_requests = max_requests
        self.requests = []  # the URLs, in order
        self._connection = None

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def url(self, path):
        if path.startswith(("http://", "https://")):
            return path
        return self.base_url.removesuffix("/") + "/" + path.removeprefix("/")

    def get(self, path, params):
        """Returns the response to the last attempt. Raises HttpError for none but statuses of retries."""
        url = self.url(path)
        headers = dict(self.headers)
        if self.session:
            headers.update(self.session.headers)
        query = dict(params)
        self._authenticate(headers, query)
        if query:
            url += ("&" if "?" in url else "?") + urllib.parse.urlencode(query)
        attempts = 1 if self.session else ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                response = self._exchange(url, headers)
            except (OSError, http.client.HTTPException):
                self.close()
                if attempt == attempts:
                    raise
                self.sleep(2 ** (attempt - 1))
                continue
            if response.status != 429 and response.status < 500:
                return url, response
            if attempt < attempts:
                after = response.headers.get("Retry-After")
                self.sleep(float(after) if after is not None else 2 ** (attempt - 1))
        return url, response

    def _authenticate(self, headers, query):
        kind = self.auth.get("type", "bearer") if self.auth else None
        if kind == "bearer":
            headers["Authorization"] = "Bearer " + self.auth["token"]
        elif kind == "http_basic":
            pair = f"{self.auth['username']}:{self.auth['password']}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        elif kind == "api_key":
            place = query if self.auth.get("location") in ("query", "param") else headers
            place[self.auth["name"]] = self.auth["api_key"]

    def _exchange(self, url, headers):
        if self.max_requests is not None and len(self.requests) >= self.max_requests:
            raise TooManyRequests(f"{self.max_requests} requests, the last one of {self.requests[-1]}")
        self.requests.append(url)
        parts = urllib.parse.urlsplit(url)
        if self._connection is None:
            make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            self._connection = make(parts.hostname, parts.port, timeout=120)
        self._connection.request("GET", parts.path + ("?" + parts.query if parts.query else ""), headers=headers)
        answer = self._connection.getresponse()
        response = Response(answer.status, answer.headers, answer.read())
        if answer.will_close:
            self.close()
        return response


# ---- Paginators: `params` of the first request, `update` after each response --------------------------


class SinglePage:
    def params(self):
        return {}

    def update(self, response, rows):
        return False


class LinkHeader(SinglePage):
    url = None

    def update(self, response, rows):
        found = re.search(r'<([^>]*)>\s*;[^,]*\brel="?next"?', response.headers.get("Link") or "")
        self.url = found.group(1) if found else None
        return self.url is not None


class JsonLink(LinkHeader):
    def __init__(self, next_url_path="next"):
        self.path = next_url_path

    def update(self, response, rows):
        self.url = select(response.json(), self.path)
        return bool(self.url)


class Cursor:
    def __init__(self, cursor_path="cursors.next", cursor_param="cursor"):
        self.path, self.param, self.value = cursor_path, cursor_param, None

    def params(self):
        return {} if self.value is None else {self.param: self.value}

    def update(self, response, rows):
        self.value = select(response.json(), self.path)
        return bool(self.value)


class Offset:
    def __init__(self, limit, offset=0, offset_param="offset", limit_param="limit", total_path="total",
                 maximum_offset=None, stop_after_empty_page=True):
        self.limit, self.value, self.offset_param, self.limit_param = limit, offset, offset_param, limit_param
        self.total_path, self.maximum, self.stop_after_empty = total_path, maximum_offset, stop_after_empty_page

    def params(self):
        return {self.offset_param: self.value, self.limit_param: self.limit}

    def update(self, response, rows):
        if self.stop_after_empty and not rows:
            return False
        self.value += self.limit
        total = select(response.json(), self.total_path) if self.total_path else None
        if total is not None and self.value >= int(total):
            return False
        return self.maximum is None or self.value < self.maximum


class PageNumber:
    def __init__(self, base_page=0, page_param="page", total_path="total", stop_after_empty_page=True):
        self.base, self.value, self.param = base_page, base_page, page_param
        self.total_path, self.stop_after_empty = total_path, stop_after_empty_page

    def params(self):
        return {self.param: self.value}

    def update(self, response, rows):
        if self.stop_after_empty and not rows:
            return False
        self.value += 1
        total = select(response.json(), self.total_path) if self.total_path else None
        return total is None or self.value < int(total) + self.base


PAGINATORS = {"single_page": SinglePage, "header_link": LinkHeader, "json_link": JsonLink, "cursor": Cursor,
              "offset": Offset, "page_number": PageNumber}


def make_paginator(config):
    if config is None or config == "auto":
        return None
    if isinstance(config, str):
        return PAGINATORS[config]()
    return PAGINATORS[config["type"]](**{key: value for key, value in config.items() if key != "type"})


def members(value, depth=DEPTH, path=()):
    """The members of an object and of the objects in it: (path, value)."""
    if not isinstance(value, dict) or depth == 0:
        return
    for key, member in value.items():
        yield path + (key,), member
        yield from members(member, depth - 1, path + (key,))


def detect_paginator(response):
    """The paginator that fits the first response; a single page if none does."""
    link = LinkHeader()
    if link.update(response, None):
        return LinkHeader()
    found = list(members(response.json()))
    nexts = [(".".join(path), value) for path, value in found if path[-1].lower().startswith("next")]
    for path, value in nexts:
        if isinstance(value, str) and value.startswith(("http", "/")):
            return JsonLink(path)
    for path, value in found:
        if path[-1] in ("total_pages", "pages") and isinstance(value, int):
            return PageNumber(base_page=1, total_path=".".join(path))
    for path, value in nexts:
        if value is not None and not isinstance(value, (dict, list)):
            return Cursor(path)
    return SinglePage()


def select(body, path):
    """Returns the member at a path such as data.results, or None. The path $ is the body."""
    if path in ("$", ""):
        return body
    for key in path.removeprefix("$.").split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(key)
    return body


def detect_selector(body):
    """The path of the list of rows: that of a usual name, or else the first one. $: the body itself."""
    if isinstance(body, list):
        return "$"
    lists = [path for path, value in members(body) if isinstance(value, list)]
    lists.sort(key=len)  # the ones of the outer objects first
    usual = [path for path in lists if path[-1].lower() in LIST_KEYS]
    return ".".join((usual or lists or [("$",)])[0])


def rows_of(body, selector):
    rows = select(body, selector)
    if rows is None:
        return []
    return rows if isinstance(rows, list) else [rows]


# ---- Resources --------------------------------------------------------------------------------------


class Source:
    def __init__(self, config, sleep=time.sleep, max_requests=None):
        self.client = Client(config["client"], sleep, max_requests)
        self.paginator = config["client"].get("paginator")
        self.warnings = []
        defaults = (config.get("resource_defaults") or {}).get("endpoint") or {}
        self.resources = {}
        for resource in config["resources"]:
            endpoint = resource.get("endpoint", resource["name"])
            endpoint = {"path": endpoint} if isinstance(endpoint, str) else dict(endpoint)
            endpoint.setdefault("path", resource["name"])
            endpoint["params"] = {**(defaults.get("params") or {}), **(endpoint.get("params") or {})}
            self.resources[resource["name"]] = {**resource, "endpoint": endpoint}
        for name in self.resources:
            self._check(name)

    def rows(self):
        """All rows of all resources; those of a child follow each row of its parent."""
        children = {name: self._parent(name) for name in self.resources}
        for name, parent in children.items():
            if parent is None:
                yield from self._rows_with_children(name, {}, children)

    def _rows_with_children(self, name, bound, children):
        for row in self._rows(name, bound):
            yield name, {**row, **self._from_parent(name, bound)}
            for child, parent in children.items():
                if parent == name:
                    yield from self._rows_with_children(child, {name: row}, children)

    def _from_parent(self, name, bound):
        """Values of the parent under the names _PARENT_FIELD."""
        fields = self.resources[name].get("include_from_parent") or []
        return {f"_{parent}_{field}": row[field] for parent, row in bound.items() for field in fields}

    def _places(self, name):
        """The {…} of the path and of the parameters of a resource."""
        endpoint = self.resources[name]["endpoint"]
        values = [endpoint["path"], *(value for value in endpoint["params"].values() if isinstance(value, str))]
        return list(itertools.chain.from_iterable(re.findall(r"\{([^{}]*)\}", value) for value in values))

    def _parent(self, name):
        parents = {place.split(".")[1] for place in self._places(name) if place.startswith("resources.")}
        return parents.pop() if parents else None

    def _check(self, name):
        """As dlt, refuses a path with a parameter that nothing binds."""
        for place in self._places(name):
            if place.startswith("resources."):
                if place.split(".")[1] not in self.resources:
                    raise ValueError(f"resource {name}: {place} is not a resource")
            elif place not in self.resources[name]["endpoint"]["params"]:
                raise ValueError(f"resource {name}: {{{place}}} is not bound")

    def _rows(self, name, bound):
        endpoint = self.resources[name]["endpoint"]
        path, params = self._bind(endpoint, bound)
        paginator = make_paginator(endpoint.get("paginator") or self.paginator)
        selector = endpoint.get("data_selector")
        single = re.search(r"\}/?$", endpoint["path"]) is not None  # the path of one entity
        if single:
            paginator = paginator or SinglePage()
            selector = selector or "$"
        while True:
            url, response = self.client.get(path, {**params, **(paginator.params() if paginator else {})})
            if response.status >= 400:
                if self._ignored(endpoint, response.status):
                    return
                raise HttpError(response.status, url, response.body.decode("utf-8", "replace"))
            body = response.json()
            if paginator is None:
                paginator = detect_paginator(response)
                if isinstance(paginator, SinglePage) and type(paginator) is SinglePage:
                    self.warnings.append(f"{name}: no paginator fits, one page is read")
            if selector is None:
                selector = detect_selector(body)
            rows = rows_of(body, selector)
            for row in rows:
                yield row if isinstance(row, dict) else {"value": row}
            if not paginator.update(response, rows):
                return
            if getattr(paginator, "url", None):
                path, params = urllib.parse.urljoin(url, paginator.url), {}

    @staticmethod
    def _ignored(endpoint, status):
        return any(action.get("status_code") == status and action.get("action") == "ignore"
                   for action in endpoint.get("response_actions") or [])

    @staticmethod
    def _bind(endpoint, bound):
        params = dict(endpoint["params"])

        def value(match):
            place = match.group(1)
            if not place.startswith("resources."):
                return urllib.parse.quote(str(params.pop(place)), safe="")
            _, parent, field = place.split(".", 2)
            return urllib.parse.quote(str(select(bound[parent], field)), safe="")

        path = re.sub(r"\{([^{}]*)\}", value, endpoint["path"])
        return path, {name: re.sub(r"\{([^{}]*)\}", lambda match: str(select(
            bound[match.group(1).split(".")[1]], match.group(1).split(".", 2)[2])), text)
            if isinstance(text, str) else text for name, text in params.items()}
