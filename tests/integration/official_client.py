"""The behaviour of the vendor's client on the wire (Python, requests), derived from its traffic: its headers, its
request bodies and its parsing of responses."""

import json

import requests

import harness

FORM_HEADERS = {
    "Content-type": "application/x-www-form-urlencoded",
    "Accept": "application/json",
    "X-Requested-By": "ThoughtSpot",
}
EMPTY_OPTIONS = {
    "query_options": {"pagination": {}},
    "formatting_options": {"date_format": {}},
    "scripting_options": {},
    "adv_options": {},
}


class OfficialClient:
    """One run of the client. `answer_question(question)` is called for the server's questions."""

    def __init__(self, server, user=harness.USER, password=harness.PASSWORD, answer_question=None):
        host, port = server.https
        self._base = f"https://{host}:{port}"
        self._http = requests.Session()
        self._http.verify = False
        self._http.trust_env = False  # a CA bundle from the environment would take precedence
        requests.packages.urllib3.disable_warnings()
        self._answer_question = answer_question
        self.context = {"server_schema_version": -1}
        self.login_response = self._http.post(
            self._base + harness.LOGIN, headers=FORM_HEADERS,
            data=f"username={user}&password={password}")
        self.login_response.raise_for_status()
        guid = json.loads(self.login_response.text)["userGUID"]
        # The GUID, although the header's name suggests the session; the cookie identifies the session.
        self._headers = {
            "Content-Type": "text/plain",
            "X-Requested-By": "ThoughtSpot",
            "JSESSION_ID": guid,
        }

    def close(self):
        self._http.close()

    def query(self, statement, options=None):
        """Runs a statement, asks its questions, and returns the results that were read."""
        body = {"context": dict(self.context), "options": options or EMPTY_OPTIONS,
                "query": {"statement": statement}}
        results = self._read(harness.QUERY, body, stop_at_complete=True)
        answers = []
        while questions := [q for r in results for q in r.get("interactive_question", [])]:
            for question in questions:
                print(question["banner"], question["prompt"])
                answer = self._answer_question(question)
                if question.get("options") and answer not in question["options"]:
                    raise AssertionError("the client would ask again")
                answers.append({"question_id": question["question_id"], "answer": answer})
            body["query"]["prompt_responses"] = answers
            results = self._read(harness.QUERY, body, stop_at_complete=True)
        for result in results:
            final = result.get("final_context", {})
            for key in ("database", "server_schema_version"):  # never the schema
                if key in final:
                    self.context[key] = final[key]
        return results

    def script(self, script):
        body = {"context": dict(self.context), "options": EMPTY_OPTIONS,
                "script_type": 1, "script": script}
        return self._read(harness.SCRIPT, body, stop_at_complete=False)

    def tokens(self, path):
        response = self._http.get(self._base + path, headers=self._headers)
        if response.status_code == 401:
            raise PermissionError("No Authorization to run tql.")
        response.raise_for_status()
        return response.json()

    def _read(self, path, body, stop_at_complete):
        response = self._http.post(self._base + path, headers=self._headers,
                                   data=json.dumps(body), stream=True)
        if response.status_code // 100 != 2:
            raise AssertionError(f"{response.status_code} {response.text}")
        results = []
        for line in response.iter_lines(decode_unicode=True):
            # Fails for str: requires a response for which requests finds no encoding.
            result = json.loads(line.decode("utf-8"))["result"]
            for message in result.get("message", []):
                message["type"], message["value"]
            if "table" in result:
                for row in result["table"].get("rows", []):
                    "|".join(row["v"])
            results.append(result)
            if stop_at_complete and "complete" in result:  # the key, whatever its value
                break
        response.close()
        return results


def text_of(results):
    return "".join(m["value"] for r in results for m in r.get("message", []))
