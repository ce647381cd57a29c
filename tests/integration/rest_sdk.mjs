// Calls a server with @thoughtspot/rest-api-sdk, whose models drop what a response has too much, and leave undefined
// what it lacks: node rest_sdk.mjs FOLDER_OF_NODE_MODULES URL. Prints what is wrong, and fails if there is anything.
import { createRequire } from "module";

const [modules, url] = process.argv.slice(2);
const sdk = createRequire(`${modules}/x.js`)("@thoughtspot/rest-api-sdk");
const login = { username: "tsadmin", password: "admin" };
const api = new sdk.ThoughtSpotRestApi(sdk.createBearerAuthenticationConfig(url, login));
const mistakes = [];

function check(value, path) {
  if (Array.isArray(value)) return value.forEach((item, i) => check(item, `${path}[${i}]`));
  for (const member of value?.constructor?.getAttributeTypeMap?.() ?? []) {
    const found = value[member.name];
    const is = { string: "string", number: "number", boolean: "boolean" }[member.type];
    if (found === undefined) mistakes.push(`${path}.${member.name}: undefined`);
    if (is && found !== null && typeof found !== is) mistakes.push(`${path}.${member.name}: ${typeof found}`);
    check(found, `${path}.${member.name}`);
  }
}

async function call(name, ...args) {
  try {
    const answer = await api[name](...args);
    check(answer, name);
    return answer;
  } catch (error) {
    mistakes.push(`${name}: ${error.message}`);
  }
}

async function fails(code, name, ...args) {
  try {
    await api[name](...args);
    mistakes.push(`${name}: no error`);
  } catch (error) {
    if (error.code !== code || !error.body) mistakes.push(`${name}: ${error.message}`);
  }
}

const { token } = await call("getFullAccessToken", login);
await call("getCustomAccessToken", { ...login, persist_option: "NONE" });
await call("getObjectAccessToken", { ...login, object_id: "x" });
await call("validateToken", { token });
await call("revokeToken", { user_identifier: "tsadmin", token });
await call("login", login);
await call("logout");
for (const name of ["getCurrentUserInfo", "getCurrentUserToken", "getSystemInformation", "getSystemConfig",
  "getSystemOverrideInfo"]) await call(name);
for (const name of ["searchUsers", "searchUserGroups", "searchMetadata", "searchConnection", "searchOrgs", "searchRoles",
  "searchTags"]) await call(name, { record_size: -1 });
await call("fetchLogs", { log_type: "SECURITY_AUDIT" });
await call("updateSystemConfig", { configuration: { batchSize: 10 } });

const group = await call("createUserGroup", { name: "Läufer 1/2", display_name: "Läufer" });
await call("createUser", { name: "x@example.com", display_name: "X", email: "x@example.com", group_identifiers: [group?.id] });
await call("updateUser", "x@example.com", { display_name: "Y" });
await call("updateUserGroup", "Läufer 1/2", { user_identifiers: ["tsadmin"], operation: "ADD" });
const board = { metadata: [{ type: "LIVEBOARD", identifier: "Targets" }] };
await call("createTag", { name: "New" });
await call("assignTag", { ...board, tag_identifiers: ["New"] });
await call("unassignTag", { ...board, tag_identifiers: ["New"] });
await call("updateTag", "New", { color: "#ff78a9" });
await call("deleteTag", "New");
await call("createOrg", { name: "Shops" });
await call("updateOrg", "Shops", { user_identifiers: ["x@example.com"] });
await call("deleteOrg", "Shops");
await call("createRole", { name: "Role" });
await call("updateRole", "Role", { name: "Role", privileges: ["DEVELOPER"] });
await call("deleteRole", "Role");
await call("assignChangeAuthor", { ...board, user_identifier: "x@example.com" });
await call("deleteMetadata", board);
await call("deleteUser", "x@example.com");
await call("deleteUserGroup", "Läufer 1/2");
await fails(400, "deleteUser", "nobody");
await fails(401, "validateToken", { token });
await fails(404, "searchSchedules", {});
mistakes.forEach((mistake) => console.log(mistake));
process.exit(mistakes.length > 0 ? 1 : 0);
