using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls.Cuts;

/// <summary>A pause cuts the streams below it: the client is told in the provider's own words, the provider's connection is closed, and the budget pays.</summary>
public sealed class CutStreamTests : IAsyncLifetime
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";
    private const string Responses = """{"model":"gpt-4o","input":"Hi","max_output_tokens":100,"stream":true}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""";

    private SidecarFixture _sidecar = null!;

    /// <summary>Where it goes, what is asked, and how the last event begins.</summary>
    public static TheoryData<string, string, string> Routes => new()
    {
        { "/v1/chat/completions", Chat, "data: {\"error\":{" },
        { "/v1/responses", Responses, "event: error\ndata: {\"error\":{" },
        { "/v1/messages", Messages, "event: error\ndata: {\"type\":\"error\",\"error\":{" },
        { "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", Gemini, "data: {\"error\":{" },
    };

    public static TheoryData<string, string, string, BilledPart> Streams
    {
        get
        {
            var streams = new TheoryData<string, string, string, BilledPart>();
            foreach (var route in Routes)
            {
                foreach (var billed in Enum.GetValues<BilledPart>())
                {
                    streams.Add((string)route[0], (string)route[1], (string)route[2], billed);
                }
            }

            return streams;
        }
    }

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task StreamInFlight_EndsWithTheProvidersOwnError_AndIsPaidFor(string path, string body, string error, BilledPart billed)
    {
        _sidecar.Provider.Behaviour = CutFixture.Slow(billed);
        var agent = await _sidecar.AgentAsync();
        using var response = await _sidecar.PostAsync(path, agent, body);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.NotEmpty(await reader.ReadEventAsync());

        Assert.Equal(1, _sidecar.Pause(agent));

        var rest = await reader.ReadToEndAsync().WaitAsync(CutFixture.Patience);
        Assert.StartsWith(error, rest, StringComparison.Ordinal);
        Assert.EndsWith("\n\n", rest, StringComparison.Ordinal);
        Assert.Equal(1, rest.Split("data: ").Length - 1);
        var spent = await _sidecar.AssertCutAsync(agent);
        Assert.True(spent > 0);
        AssertPaused(JsonNode.Parse(rest[(rest.IndexOf("data: ", StringComparison.Ordinal) + 6)..])!, spent);
        Assert.Equal(0, _sidecar.Pause(agent));
    }

    /// <summary>What has not begun to answer is answered as a whole: the client's library has a status to go by.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task StreamThatHasNotBegun_IsAnsweredByARefusal(string path, string body, string error)
    {
        _ = error;
        _sidecar.Provider.Behaviour = new Behaviour { Hang = true, GenerateToTheCap = true };
        var agent = await _sidecar.AgentAsync();
        var call = _sidecar.AskAsync(path, agent, body);
        await Eventually.HoldsAsync(() => _sidecar.Provider.Bill.BilledCalls == 1);

        Assert.Equal(1, _sidecar.Pause(agent));

        var reply = await call.WaitAsync(CutFixture.Patience);
        Assert.Equal((403, "false"), (reply.Status, reply.Headers["x-should-retry"]));
        var spent = await _sidecar.AssertCutAsync(agent);
        Assert.Equal(spent, reply.ChargedMicrocents);
        AssertPaused(reply.Body, spent);
    }

    /// <summary>What has been told of a stream's cost is charged, be it more than was held.</summary>
    [Fact]
    public async Task StreamThatHasToldMoreThanItsHold_IsChargedByThat()
    {
        const string Told = """{"type":"message_start","message":{"model":"claude-haiku-4-5","usage":{"input_tokens":10,"output_tokens":90000}}}""";
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            await using var left = context.RequestAborted.Register(() => gone.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, $"data: {Told}\n\n");
            await context.Response.Body.FlushAsync();
            await gone.Task;
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("ANTHROPIC_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync("/v1/messages", agent, Messages);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reader.ReadEventAsync();

        Assert.Equal(1, sidecar.Pause(agent));

        Assert.StartsWith("event: error", await reader.ReadToEndAsync().WaitAsync(CutFixture.Patience), StringComparison.Ordinal);
        await gone.Task.WaitAsync(CutFixture.Patience);
        Assert.Equal((10 * 100) + (90_000 * 500), (await sidecar.EndedAsync(agent)).Spent);
    }

    /// <summary>A client that does not read keeps the provider's connection open no longer than the cut.</summary>
    [Fact]
    public async Task ClientThatDoesNotRead_KeepsNoConnectionToTheProvider()
    {
        var filler = "data: {\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"" + new string('x', 100_000) + "\"}}]}\n\n";
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = 0;
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            await using var left = context.RequestAborted.Register(() => gone.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            while (!gone.Task.IsCompleted)
            {
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, filler);
                await context.Response.Body.FlushAsync();
                Interlocked.Increment(ref sent);
            }
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address), ("SPENDGUARD_CLIENT_IDLE_SECONDS", "3600")]);
        var agent = await sidecar.AgentAsync();
        using var client = new TcpClient { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(System.Net.IPAddress.Loopback, new Uri(sidecar.Address).Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nx-cynsta-agent-id: {agent}\r\nContent-Type: application/json\r\nContent-Length: {Chat.Length}\r\n\r\n{Chat}"));
        await StandsStillAsync(() => Volatile.Read(ref sent));

        Assert.Equal(1, sidecar.Pause(agent));

        await gone.Task.WaitAsync(CutFixture.Patience);
        Assert.True((await sidecar.EndedAsync(agent)).Spent > 0);
    }

    /// <summary>Its client has gone, and the rest is read for the account only: a paused agent's is not read on.</summary>
    [Theory]
    [InlineData(BilledPart.Full)]
    [InlineData(BilledPart.SentSoFar)]
    public async Task StreamThatIsDrained_IsCut(BilledPart billed)
    {
        _sidecar.Provider.Behaviour = CutFixture.Slow(billed);
        var agent = await _sidecar.AgentAsync();
        using (var response = await _sidecar.PostAsync("/v1/chat/completions", agent, Chat))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await reader.ReadEventAsync();
        }

        await _sidecar.Watch.Gone.WaitAsync(CutFixture.Patience);
        Assert.Equal(1, (await _sidecar.BudgetAsync(agent))!.InFlight);

        Assert.Equal(1, _sidecar.Pause(agent));

        Assert.True(await _sidecar.AssertCutAsync(agent) > 0);
    }

    [Fact]
    public async Task FiftyStreams_AreAllCut_AndNoOtherAgents()
    {
        const int Count = 50;
        _sidecar.Provider.Behaviour = CutFixture.Slow();
        var agent = await _sidecar.AgentAsync(cents: 10_000, maxInFlight: Count);
        var other = await _sidecar.AgentAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => BeginAsync(agent)));
        var goesOn = await BeginAsync(other);

        Assert.Equal(Count, _sidecar.Pause(agent));

        foreach (var stream in streams)
        {
            Assert.StartsWith("data: {\"error\":{", await stream.ReadToEndAsync().WaitAsync(CutFixture.Patience), StringComparison.Ordinal);
            stream.Dispose();
        }

        var spent = (await _sidecar.EndedAsync(agent)).Spent;
        Assert.Equal(1, (await _sidecar.BudgetAsync(other))!.InFlight);
        Assert.Equal(1, _sidecar.Pause(other));
        await goesOn.ReadToEndAsync().WaitAsync(CutFixture.Patience);
        goesOn.Dispose();
        var both = spent + await _sidecar.SpentAsync(other).WaitAsync(CutFixture.Patience);
        Assert.Equal(Count + 1, _sidecar.Provider.Calls.Count);
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, both);
    }

    private async Task<StreamReader> BeginAsync(string agent)
    {
        var response = await _sidecar.PostAsync("/v1/chat/completions", agent, Chat);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.NotEmpty(await reader.ReadEventAsync());
        return reader;
    }

    private static void AssertPaused(JsonNode said, long spent)
    {
        var error = said["error"]!;
        var code = error["details"] switch
        {
            JsonArray details => (string?)details[0]!["reason"],
            { } details => (string?)details["error_code"],
            null => (string?)error["code"],
        };
        Assert.Equal("paused", code, ignoreCase: true);
        var message = ((string)error["message"]!).Replace("\u2060", "", StringComparison.Ordinal);
        Assert.Contains(CutFixture.Cause, message, StringComparison.Ordinal);
        Assert.Contains($"{Money.FromMicrocents(spent)} is booked for it in the ledger", message, StringComparison.Ordinal);
        Assert.Contains("spendguard resume 'team-red'", message, StringComparison.Ordinal);
    }

    /// <summary>Until the provider cannot send any more, because nobody takes it.</summary>
    private static async Task StandsStillAsync(Func<int> count)
    {
        var before = -1;
        await Eventually.HoldsAsync(async () =>
        {
            var now = count();
            var stands = now > 0 && now == before;
            before = now;
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            return stands;
        });
    }
}
