-- Drives the server from a real Neovim: refine, approve by code action, write what came back to a file.
local server, file, out = vim.fn.json_decode(vim.env.OPTAFLY_TEST_SERVER), vim.env.OPTAFLY_TEST_FILE, vim.env.OPTAFLY_TEST_OUT
local heard = { proposals = 0, deltas = 0, messages = {} }

local function finish(key, value)
  heard[key] = value
  vim.fn.writefile({ vim.fn.json_encode(heard) }, out)
  vim.cmd("qall!")
end

local function step(run)
  return function(...)
    local ok, problem = pcall(run, ...)
    if not ok then
      finish("problem", tostring(problem))
    end
  end
end

vim.lsp.handlers["optafly/proposal"] = function()
  heard.proposals = heard.proposals + 1
end
vim.lsp.handlers["optafly/status"] = function(_, status)
  heard.status = status.state
end
vim.lsp.handlers["window/showMessage"] = function(_, params)
  table.insert(heard.messages, params.message)
end
vim.lsp.handlers["optafly/answer"] = step(function(_, event)
  if event.kind == "delta" then
    heard.deltas = heard.deltas + 1
  else
    finish("answer", event)
  end
end)

local function on_attach(client, buffer)
  local uri = vim.uri_from_bufnr(buffer)
  local span = { start = { line = 0, character = 0 }, ["end"] = { line = 1, character = 16 } }
  local context = { textDocument = { uri = uri }, range = span, context = { diagnostics = {} } }
  local function actions(then_do)
    client.request("textDocument/codeAction", context, step(function(problem, found)
      assert(not problem, vim.inspect(problem))
      then_do(found)
    end), buffer)
  end
  local function run(title, found, then_do)
    for _, action in ipairs(found) do
      if action.title == title then
        client.request("workspace/executeCommand", action.command, step(function(problem, result)
          assert(not problem, vim.inspect(problem))
          then_do(result)
        end), buffer)
        return
      end
    end
    error("no action " .. title .. " in " .. vim.inspect(found))
  end

  actions(function(asks)
    run("OptaFly: Fix this", asks, function(result)
      heard.refined = result.proposal.refined
      actions(function(decisions)
        run("OptaFly: Accept & Send", decisions, function(approved)
          heard.state = approved.state
        end)
      end)
    end)
  end)
end

vim.cmd("edit " .. vim.fn.fnameescape(file))
vim.lsp.start_client({
  name = "optafly",
  cmd = server,
  root_dir = vim.fn.fnamemodify(file, ":h"),
  on_init = step(function(client)
    vim.lsp.buf_attach_client(0, client.id)
    on_attach(client, vim.api.nvim_get_current_buf())
  end),
  on_exit = function(code)
    heard.exit = code
  end,
})
