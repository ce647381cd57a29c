// Serves the JSON value of a file over HTTP: JSON.stringify makes each response. Prints its port.
const value = JSON.parse(require("fs").readFileSync(process.argv[2], "utf8"));
const server = require("http").createServer((request, response) => {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(value));
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
