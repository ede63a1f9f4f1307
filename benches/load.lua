-- What wrk asks for in `make load`: the lines of a file in turn, each connection at its own pace.
-- A line is a path, and for a delivery of a webhook its number, signature and body, with tabs between.

local requests, at, pause = {}, 0, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, number, signature, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    if number == "" then
      table.insert(requests, wrk.format("GET", path))
    else
      table.insert(requests, wrk.format("POST", path, {
        ["X-GitHub-Event"] = "issues",
        ["X-GitHub-Delivery"] = number,
        ["X-Hub-Signature-256"] = signature,
      }, body))
    end
  end
  pause = tonumber(arguments[2])
  math.randomseed(1)
end

-- At random around the mean, so that connections do not ask all at once.
function delay()
  return math.floor(2 * pause * math.random())
end

function request()
  at = at % #requests + 1
  return requests[at]
end
