using System.Net.Http.Headers;
using System.Text;

namespace SpendGuard.Sidecar.BlackBox.Tests.Hostile;

/// <summary>Whatever a client sends: a 4xx with a sentence, nothing held, nothing sent.</summary>
public sealed class MalformedInputTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("[", 2_000));

    private static readonly string[] NotJson =
    [
        "", " ", "{", "}", "nonsense", "{\"model\":}", "{\"model\":\"gpt-4o\",}", "{'model':'gpt-4o'}", "{} {}", "NaN",
        "null", "true", "1", "\"text\"", "[]", "[{}]", "{}", "\u0000", "// comment\n{}", "{\"a\":01}", "{\"\\ud800\":1}",
        "{\"model\":\"\\ud800\"}", "{\"model\":\"\\udc00\\ud800\"}", Deep, "{\"messages\":" + Deep + Deep.Replace('[', ']') + "}",
        string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500),
    ];

    private static readonly string[] WrongValues =
        ["null", "0", "-1", "1.5", "1e400", "99999999999999999999", "true", "\"\"", "\" \"", "\"text\"", "[]", "[null]", "[[]]", "[{}]", "{}", "{\"a\":1}"];

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task NotJson_IsRefused(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        foreach (var body in NotJson)
        {
            await AssertRefusedAsync(Sidecar.CallRequest(route, agent, body), Shown(body));
        }

        foreach (var bytes in (byte[][])[[0xff, 0xfe, (byte)'{', (byte)'}'], [(byte)'{', (byte)'"', 0xc3, (byte)'"', (byte)':', (byte)'1', (byte)'}'], [0x1f, 0x8b, 8, 0]])
        {
            var request = Sidecar.CallRequest(route, agent);
            request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            await AssertRefusedAsync(request, Convert.ToHexString(bytes));
        }

        await sidecar.AssertUntouchedAsync(agent);
    }

    /// <summary>Every field of the call, given twice, left out, or with a value of another kind.</summary>
    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task WrongFields_AreRefused_OrMakeACallThatIsPaidAsBilled(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100_000);
        var call = System.Text.Json.Nodes.JsonNode.Parse(route.Body)!.AsObject();
        foreach (var name in call.Select(field => field.Key).ToList())
        {
            await AssertRefusedAsync(Sidecar.CallRequest(route, agent, route.BodyWith($"\"{name}\":{call[name]!.ToJsonString()}")), name + " twice");
            var others = call.Where(field => field.Key != name).Select(field => $"\"{field.Key}\":{field.Value!.ToJsonString()}").ToList();
            foreach (var value in WrongValues)
            {
                var answer = await sidecar.SendAsync(Sidecar.CallRequest(route, agent, "{" + string.Join(',', [.. others, $"\"{name}\":{value}"]) + "}"));

                // Some of them are well formed: what is left out has a default, and the provider judges contents.
                Assert.True(answer.Status is 200 or (>= 400 and < 500) || (route.NamesAgent && answer.Status == 502), $"{name}={value}: {answer}");
                if (answer.Status >= 400 && sidecar.CallsOf(agent).Count == 0)
                {
                    Assert.NotEmpty(answer.Detail);
                }
            }
        }

        var budget = await sidecar.IdleBudgetAsync(agent);
        Assert.Equal(0, budget.Number("held_microcents"));
        if (route == Route.OpenAIEmbeddings)
        {
            // An empty text has no tokens for this provider; usage of nothing counts as unknown, and the hold is spent.
            Assert.InRange(budget.Number("spent_microcents"), sidecar.BillOf(agent), 1_000);
        }
        else
        {
            Assert.Equal(sidecar.BillOf(agent), budget.Number("spent_microcents"));
        }
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task HugeBody_IsRefused(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        var huge = route.Body.Replace("How are you?", new string('x', Sidecar.MaxRequestBytes), StringComparison.Ordinal);

        // The answer comes before the body is sent, if the client waits for it.
        var request = Sidecar.CallRequest(route, agent, huge);
        request.Headers.ExpectContinue = true;
        var answer = await sidecar.SendAsync(request);
        Assert.Equal(413, answer.Status);
        Assert.NotEmpty(answer.Detail);

        // Without a length to tell by, the sidecar may hang up while the body is still on its way.
        request = Sidecar.CallRequest(route, agent, huge);
        request.Headers.TransferEncodingChunked = true;
        try
        {
            Assert.Equal(413, (await sidecar.SendAsync(request)).Status);
        }
        catch (HttpRequestException exception)
        {
            Assert.IsAssignableFrom<IOException>(exception.InnerException);
        }

        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task OtherContentTypes_AreRefused(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        foreach (var type in (string?[])[null, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/octet-stream"])
        {
            var request = Sidecar.CallRequest(route, agent);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(route.Body));
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            await AssertRefusedAsync(request, type ?? "no content type", 415);
        }

        var compressed = Sidecar.CallRequest(route, agent);
        compressed.Content!.Headers.ContentEncoding.Add("gzip");
        await AssertRefusedAsync(compressed, "gzip", 415);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Fact]
    public async Task OtherMethods_AreRefused()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        (string Path, string Methods)[] routes =
        [
            ("/health", "GET"), ("/ready", "GET"), ("/metrics", "GET"), ("/v1/agents", "GET POST"), ("/v1/agents/{agent}", "GET PATCH DELETE"), ("/v1/ledger", "GET"), ("/v1/agents/{agent}/ledger", "GET"), ("/v1/agents/{agent}/dry-run", "POST"),
            ("/v1/groups", "GET"), ("/v1/groups/g", "GET PUT DELETE"), ("/v1/groups/g/limits", "GET"), ("/v1/groups/g/limits/day", "PUT DELETE"), ("/v1/groups/g/breaker", "PUT DELETE"), ("/v1/agents/{agent}/breaker", "PUT DELETE"), ("/v1/groups/g/pause", "POST"),
            ("/v1/groups/g/resume", "POST"), ("/v1/agents/{agent}/limits", "GET"), ("/v1/agents/{agent}/limits/day", "PUT DELETE"), ("/v1/agents/{agent}/pause", "POST"),
            ("/v1/agents/{agent}/resume", "POST"), ("/v1/agents/{agent}/path", "GET"), ("/v1/tree", "GET"),
            ("/v1/alerts", "GET"), ("/v1/alerts/replay", "POST"), ("/v1/alerts/evt_1/replay", "POST"),
            ("/v1/agents/{agent}/budget", "GET POST"), ("/v1/agents/{agent}/runs", "POST"), ("/v1/models", "GET"),
            ("/v1/messages/count_tokens", "POST"), ("/v1beta/models/gemini-2.5-flash:countTokens", "GET POST"),

            // Where a model is told of, any name may stand.
            .. Route.All.Select(route => (route.Path, route.Path.StartsWith("/v1beta/models/", StringComparison.Ordinal) ? "GET POST" : "POST")),
        ];
        foreach (var (path, methods) in routes)
        {
            foreach (var method in ((string[])["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]).Except(methods.Split(' ')))
            {
                var place = path.Replace("{agent}", agent, StringComparison.Ordinal).Replace("{run}", "r", StringComparison.Ordinal);
                var json = method is "GET" or "DELETE" or "OPTIONS" ? null : "{}";
                var answer = await AssertRefusedAsync(Sidecar.Request(new HttpMethod(method), place, json), $"{method} {path}", 405);
                Assert.Equal(methods.Split(' ').Order(StringComparer.Ordinal), answer.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal));
            }
        }

        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/agents")]
    [InlineData("/v1/chat/completions/more")]
    [InlineData("/v1/agents//budget")]
    [InlineData("/v1/proxy/https://evil.example/")]
    [InlineData("/v1/files/file-1")]
    public async Task OtherPaths_AreNotFound(string path)
    {
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Get, path, null), path, 404);
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Post, path, "{}"), path, 404);
    }

    [Fact]
    public async Task OtherMethodsOfGemini_AreNotFound() => await AssertRefusedAsync(
        Sidecar.Request(HttpMethod.Post, "/v1beta/models/gemini-2.5-flash:deleteEverything", "{}"), "deleteEverything", 404);

    [Theory]
    [InlineData("%20")]
    [InlineData("%01")]
    [InlineData("%0d%0aX-Injected:%201")]
    [InlineData("%7f")]
    [InlineData("%C2%85")]
    [InlineData("%F0%9F%9A%80")]
    [InlineData("%2F")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("%252F")]
    [InlineData("%EF%BF%BD")]
    [InlineData("a'%20OR%20'1'='1")]
    [InlineData("%22;DROP%20TABLE%20agents;--")]
    [InlineData("{agent}")]
    [InlineData("300")]
    public async Task BadIdsInPaths_NameNoAgent(string id)
    {
        var place = "/v1/agents/" + (id == "300" ? new string('a', 300) : id);
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Get, place, null), place, 404);
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Delete, place, null), place, 404);
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Patch, place, """{"name":"Ada"}"""), place, 404);
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Get, place + "/budget", null), place, 404);
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Post, place + "/budget", """{"hard_limit_cents":1}"""), place, 404);
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Post, place + "/runs", "{}"), place, 404);
        foreach (var route in Route.All.Where(route => route.NamesAgent))
        {
            var path = route.Path.Replace("/v1/agents/{agent}", place, StringComparison.Ordinal).Replace("{run}", "r", StringComparison.Ordinal);
            await AssertRefusedAsync(Sidecar.Request(HttpMethod.Post, path, route.Body), path);
        }
    }

    [Fact]
    public async Task BadIdsInHeaders_AreRefused()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        foreach (var id in (string[])[new string('a', 300), " ", "🚀", "a\tb", agent + "," + agent, agent + ", x", "' OR '1'='1", "../" + agent])
        {
            foreach (var route in Route.All.Where(route => !route.NamesAgent))
            {
                await AssertRefusedAsync(Sidecar.Request(HttpMethod.Post, route.Path, route.Body, ("x-cynsta-agent-id", id)), id);
            }
        }

        // An agent of its own, with a run that cannot be one.
        foreach (var run in (string[])[new string('r', 300), "a\tb"])
        {
            await AssertRefusedAsync(
                Sidecar.Request(HttpMethod.Post, Route.OpenAIChat.Path, Route.OpenAIChat.Body, ("x-cynsta-agent-id", agent), ("x-cynsta-run-id", run)), run, 400);
        }

        // Named twice, it is nobody's.
        await AssertRefusedAsync(
            Sidecar.Request(HttpMethod.Post, Route.OpenAIChat.Path, Route.OpenAIChat.Body, ("x-cynsta-agent-id", agent), ("x-cynsta-agent-id", agent)), "twice");
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Fact]
    public async Task BadRunsInPaths_AreRefused()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        foreach (var route in Route.All.Where(route => route.NamesAgent))
        {
            foreach (var run in (string[])["%01", "%20", new string('r', 300), "%0d%0a"])
            {
                await AssertRefusedAsync(Sidecar.CallRequest(route, agent, run: run), run, 400);
            }
        }

        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [InlineData("/v1beta/models/..%2F..%2Fv1%2Fmessages:generateContent")]
    [InlineData("/v1beta/models/gemini-2.5-flash%3Fkey=1:generateContent")]
    [InlineData("/v1beta/models/a%20b:generateContent")]
    [InlineData("/v1beta/models/%F0%9F%9A%80:generateContent")]
    public async Task ModelsThatAreNoNames_AreRefused(string path)
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        await AssertRefusedAsync(Sidecar.CallRequest(Route.GeminiContent with { Path = path }, agent), path);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [InlineData("name", "7")]
    [InlineData("name", "{}")]
    [InlineData("name", "\"a\\nb\"")]
    [InlineData("name", "\"\\ud800\"")]
    [InlineData("name", "\"<201>\"")]
    public async Task AgentNames_ThatAreNone_AreRefused(string field, string value)
    {
        var body = $"{{\"{field}\":{value.Replace("<201>", new string('n', 201), StringComparison.Ordinal)}}}";
        await AssertRefusedAsync(Sidecar.Request(HttpMethod.Post, "/v1/agents", body), body, 400);
    }

    [Fact]
    public async Task ManyHeaders_AreRefused_AndTheSidecarLives()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var request = Sidecar.CallRequest(Route.OpenAIChat, agent);
        for (var i = 0; i < 200; i++)
        {
            request.Headers.Add($"x-{i}", "y");
        }

        Assert.InRange((await sidecar.SendAsync(request)).Status, 400, 499);
        await sidecar.AssertUntouchedAsync(agent);
        Assert.Equal(200, (await sidecar.CallAsync(Route.OpenAIChat, agent)).Status);
    }

    private static string Shown(string body) => body.Length > 80 ? body[..80] + "…" : body;

    private async Task<Answer> AssertRefusedAsync(HttpRequestMessage request, string what, int? status = null)
    {
        var answer = await sidecar.SendAsync(request);
        Assert.True(answer.Status is >= 400 and < 500 && (status is null || answer.Status == status), $"{request.RequestUri} {what}: {answer}");
        Assert.True(answer.Text.StartsWith('{') && answer.Json["detail"]?.GetValue<string>() is { Length: > 0 }, $"{request.RequestUri} {what}: {answer}");
        return answer;
    }
}
