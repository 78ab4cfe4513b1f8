using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>What goes through the sidecar goes unchanged, both ways, but for the key and the cap.</summary>
public sealed class PassThroughTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Ask = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task ProvidersError_IsPassedOnAsItIs(int status)
    {
        const string Error = """{ "error" : {"message":"Slow down \u00e9", "code": null} }""";
        await using var provider = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.Headers.RetryAfter = "7";
            context.Response.Headers["x-request-id"] = "req_1";
            return context.Response.WriteAsync(Error);
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(Chat, agent, Ask);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(Error, await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        Assert.Equal("req_1", response.Headers.GetValues("x-request-id").Single());

        // An error of the provider's own may have come after the model ran: then the whole hold is gone.
        var spent = (await sidecar.EndedAsync(agent)).Spent;
        Assert.Equal(spent.ToString(), response.Headers.GetValues("x-spendguard-charged-microcents").Single());
        Assert.True(status < 500 ? spent == 0 : spent > 100 * 1_000);
    }

    [Fact]
    public async Task Answer_IsPassedOnByteForByte()
    {
        const string Answer = """{ "id":"c", "model":"gpt-4o", "new_field" : [1.0, "\u00e9"], "usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12} }""";
        await using var provider = await ScriptedProvider.AnsweringAsync(Answer);
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(Chat, agent, Ask);

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal(10 * 250 + 2 * 1_000, (await sidecar.EndedAsync(agent)).Spent);
    }

    [Fact]
    public async Task Request_CarriesTheProvidersKeyAndNothingOfTheCallers()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("""{"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        const string Key = "the-callers-key";
        using var response = await sidecar.PostAsync(
            Chat + "?key=" + Key,
            agent,
            Ask,
            headers:
            [
                ("Authorization", "Bearer " + Key), ("api-key", Key), ("x-api-key", Key), ("x-goog-api-key", Key),
                ("Cookie", "k=" + Key), ("Proxy-Authorization", "Basic " + Key), ("OpenAI-Beta", "multi_agent=v1"), ("X-Client-Request-Id", "kept"),
            ]);
        var sent = provider.Requests.Single();

        Assert.Equal("Bearer the-openai-key", sent.Headers["Authorization"]);
        Assert.Equal("/chat/completions", sent.Target);
        Assert.Equal("kept", sent.Headers["X-Client-Request-Id"]);
        Assert.DoesNotContain(sent.Headers, header => header.Value.Contains(Key, StringComparison.Ordinal) || header.Value.Contains(agent, StringComparison.Ordinal));
        Assert.DoesNotContain("OpenAI-Beta", sent.Headers.Keys);
        Assert.Equal(1_250, (await sidecar.EndedAsync(agent)).Spent);
    }

    /// <summary>What an answer would have the client do elsewhere, keep of the provider's, or believe of its budget.</summary>
    [Theory]
    [InlineData("/v1/messages", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":20}""", "anthropic-organization-id")]
    [InlineData("/v1/messages/count_tokens", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}]}""", "anthropic-organization-id")]
    [InlineData("/v1/responses/input_tokens", """{"model":"gpt-4o","input":"Hi"}""", "openai-organization")]
    [InlineData(Chat, Ask, "openai-organization")]
    public async Task HeadersOfTheAnswer_ThatAreNotTheCallersBusiness_StayHere(string path, string body, string account)
    {
        string[] kept =
        [
            "Set-Cookie", "Alt-Svc", "Location", "Strict-Transport-Security", "Access-Control-Allow-Origin", account,
            "x-spendguard-output-cap", "x-spendguard-cut", "x-spendguard-unbounded",
        ];
        await using var provider = await ScriptedProvider.StartAsync(context =>
        {
            foreach (var name in kept)
            {
                context.Response.Headers[name] = "theirs";
            }

            context.Response.Headers["x-ratelimit-remaining-requests"] = "7";
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"usage":{"prompt_tokens":1,"completion_tokens":1,"input_tokens":1,"output_tokens":1}}""");
        });
        await using var sidecar = await SidecarFixture.StartAsync(
            settings: [("OPENAI_BASE_URL", provider.Address), ("ANTHROPIC_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(path, agent, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.Headers.Select(header => header.Key).Intersect(kept, StringComparer.OrdinalIgnoreCase));
        Assert.Equal("7", response.Headers.GetValues("x-ratelimit-remaining-requests").Single());
    }

    [Fact]
    public async Task OtherFields_KeepTheirBytes()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("""{"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        const string Kept = """ "model":"gpt-4o","temperature":0.10,"messages":[ {"role":"user","content":"\u00e9 <&>"} ],"metadata":{"a" : "b"},"stop":["\n"] """;
        using var response = await sidecar.PostAsync(Chat, agent, "{" + Kept.Trim() + ",\"max_tokens\":5}");

        Assert.Equal("{" + Kept.Trim() + ",\"max_completion_tokens\":5,\"service_tier\":\"default\"}", provider.Requests.Single().Body);
        Assert.Equal(1_250, (await sidecar.EndedAsync(agent)).Spent);
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o"}""")]
    [InlineData("""{"usage":{"prompt_tokens":0,"completion_tokens":0}}""")]
    [InlineData("""{"usage":{"prompt_tokens":7,"completion_tokens":7,"total_tokens":14},"service_tier":"flex"}""")]
    [InlineData("<html>")]
    public async Task Answer_DoesNotTellItsCost_CostsTheHold(string body)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(body);
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(Chat, agent, Ask);

        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.InRange((await sidecar.EndedAsync(agent)).Spent, 100 * 1_000, 200_000);
    }

    [Fact]
    public async Task ProviderIsDown_Is502AndCostsNothing()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var address = $"http://{closed.LocalEndpoint}";
        closed.Stop();
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(Chat, agent, Ask);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("No answer came from openai.", (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString());
        Assert.Equal(0, (await sidecar.EndedAsync(agent)).Spent);
    }

    [Fact]
    public async Task ProviderHangsUp_Is502AndCostsTheHold()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new Behaviour { CutBeforeHeaders = true };
        using var response = await sidecar.PostAsync(Chat, agent, Ask);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(held.Single(), (await sidecar.EndedAsync(agent)).Spent);
        Assert.InRange(sidecar.Provider.Bill.TotalMicrocents, 1, held.Single());
    }

    [Fact]
    public async Task KeyIsMissing_Is500AndCostsNothing()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_API_KEY", null)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(Chat, agent, Ask);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("OPENAI_API_KEY", (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>It is free, and needs no agent; nothing of the caller's account or address goes along.</summary>
    [Fact]
    public async Task CountOfAResponsesInput_GoesOnWithoutABudget()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var answer = await sidecar.AskAsync(
            "/v1/responses/input_tokens?key=theirs",
            agent: null,
            """{"model":"gpt-4o","input":"What is the weather in Bern?"}""",
            ("Authorization", "Bearer theirs"),
            ("OpenAI-Project", "theirs"));

        Assert.Equal((200, "response.input_tokens"), (answer.Status, (string?)answer.Body["object"]));
        Assert.InRange((long)answer.Body["input_tokens"]!, 5, 20);
        var call = Assert.Single(sidecar.Provider.Calls);
        Assert.Equal((true, SidecarFixture.OpenAIKey, "/v1/responses/input_tokens"), (call.Counts, call.Caller, call.Path));
        Assert.Equal(0, sidecar.Provider.Bill.TotalMicrocents);
    }
}
