using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Storage;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls.Cuts;

/// <summary>A pause cuts calls that are answered as a whole, and keeps those from being sent that are only held.</summary>
public sealed class CutCallTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Call = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";

    public static TheoryData<string, string> Routes => new()
    {
        { Chat, Call },
        { "/v1/responses", """{"model":"gpt-4o","input":"Hi","max_output_tokens":100}""" },
        { "/v1/embeddings", """{"model":"text-embedding-3-small","input":"Hi"}""" },
        { "/v1/messages", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""" },
        { "/v1beta/models/gemini-2.5-flash:generateContent", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""" },
        { "/v1/agents/AGENT/runs/run-1/openai/chat/completions", Call },
        { "/v1/agents/AGENT/runs/run-1/anthropic/messages", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task CallInFlight_IsAnsweredByARefusal_AndIsPaidFor(string path, string body)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        sidecar.Provider.Behaviour = new Behaviour { Hang = true, GenerateToTheCap = true };
        var agent = await sidecar.AgentAsync();
        var call = sidecar.AskAsync(path.Replace("AGENT", agent, StringComparison.Ordinal), agent, body);
        await Eventually.HoldsAsync(() => sidecar.Provider.Bill.BilledCalls == 1);

        Assert.Equal(1, sidecar.Pause(agent));

        var reply = await call.WaitAsync(CutFixture.Patience);
        AssertPaused(reply);
        var spent = await sidecar.AssertCutAsync(agent);
        Assert.True(spent > 0);
        Assert.Equal(spent, reply.ChargedMicrocents);
        Assert.Contains("was in flight and was cut", (string?)reply.Body["detail"], StringComparison.Ordinal);
    }

    /// <summary>A pause that is committed after the hold was, and learned of before the call is among those in flight.</summary>
    [Fact]
    public async Task CallWhoseHoldIsBeingMade_IsNotSent_AndCostsNothing()
    {
        var store = new CallbackStore(new InMemoryBudgetStore());
        await using var sidecar = await SidecarFixture.StartOnAsync(store, TimeProvider.System);
        var agent = await sidecar.AgentAsync();
        var cut = -1;
        store.OnReserved = () => cut = sidecar.Pause(agent);

        var reply = await sidecar.AskAsync(Chat, agent, Call);

        Assert.Equal(0, cut);
        AssertPaused(reply);
        Assert.Contains("Nothing was sent to a provider.", (string?)reply.Body["detail"], StringComparison.Ordinal);
        Assert.Single(await store.ReadLedgerAsync(0, new AgentId(agent), int.MaxValue, default), entry => entry.Kind == LedgerEntryKind.Released);
        await sidecar.AssertNothingHappenedAsync(agent);

        store.OnReserved = null;
        Assert.Equal(200, (await sidecar.AskAsync(Chat, agent, Call)).Status);
    }

    /// <summary>The last moment before a connection takes the request.</summary>
    [Fact]
    public async Task CallThatIsAboutToBeSent_IsNot_AndCostsNothing()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, its) =>
        {
            if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.active_requests" })
            {
                its.EnableMeasurementEvents(instrument);
            }
        };
        var cut = 0;
        listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (change > 0 && name == "server.port" && value is int port && port == sidecar.Provider.BaseAddress.Port)
                {
                    cut += sidecar.Pause(agent);
                }
            }
        });
        listener.Start();

        var reply = await sidecar.AskAsync(Chat, agent, Call);

        Assert.Equal(1, cut);
        AssertPaused(reply);
        Assert.Equal(0, reply.ChargedMicrocents);
        Assert.Contains("The call was not sent any more, and nothing is charged.", (string?)reply.Body["detail"], StringComparison.Ordinal);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>An answer that is there is paid for, and the caller's.</summary>
    [Fact]
    public async Task CallThatHasEnded_IsNotCut()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        Assert.Equal(200, (await sidecar.AskAsync(Chat, agent, Call)).Status);

        Assert.Equal(0, sidecar.Pause(agent));

        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    /// <summary>An id with a figure in it that clients take for a status stands in <c>detail</c> only.</summary>
    [Fact]
    public void Sentence_HidesFiguresOfIds()
    {
        var refusal = Refusal.Of(new NodePausedException("a-503", new PausedNode("team-429", CutFixture.Team.Pause), Money.Zero));

        Assert.Contains("spendguard resume 'team-429'.", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("this agent makes no calls, because this group above it was paused by ops", refusal.ForClients, StringComparison.Ordinal);
        Assert.EndsWith("spendguard resume NODE.", refusal.ForClients, StringComparison.Ordinal);
    }

    private static void AssertPaused(Reply reply)
    {
        Assert.Equal((403, "false"), (reply.Status, reply.Headers["x-should-retry"]));
        Assert.Contains(CutFixture.Cause, (string?)reply.Body["detail"], StringComparison.Ordinal);
        var error = reply.Body["error"]!;
        Assert.Contains("paused", error.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.True(
            (string?)error["type"] is "permission_error" or "invalid_request_error" || (string?)error["status"] == "PERMISSION_DENIED",
            error.ToJsonString());
    }

    /// <summary>Calls back when a hold has been committed, before anybody is told.</summary>
    private sealed class CallbackStore(IBudgetStore inner) : DelegatingBudgetStore(inner)
    {
        public Action? OnReserved { get; set; }

        public override async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
        {
            var answer = await Inner.ApplyAsync(command, cancellationToken);
            if (command is Reserve && answer.Succeeded)
            {
                OnReserved?.Invoke();
            }

            return answer;
        }
    }
}
