using System.Text.RegularExpressions;
using System.Text;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls.Relay;

/// <summary>A stream reaches the client byte for byte, and is paid for before its end, whoever breaks it off.</summary>
public sealed partial class StreamTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Ask = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";
    private const string AskForUsage = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true,"stream_options":{"include_usage":true}}""";

    private const string Content = "data: {\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"é😀 \\\"usage\\\"\"}}]}\r\n\r\n: keep-alive\n\ndata:{\"choices\":[{\"delta\":{}}],\"usage\":null}\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}}\n\n";
    private const string Finish = "data: {\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const long Cost = (10 * 250) + (2 * 1_000);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task UsageWasNotAskedFor_IsWithheld(int pieceSize)
    {
        var (passed, spent) = await RelayAsync(Content + Usage + Done, Ask, pieceSize);

        Assert.Equal(Content + Done, WithoutComment(passed));
        Assert.Equal(Cost, spent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task UsageWasAskedFor_IsPassedOn(int pieceSize)
    {
        var (passed, spent) = await RelayAsync(Content + Usage + Done, AskForUsage, pieceSize);

        Assert.Equal(Content + Usage + Done, WithoutComment(passed));
        Assert.Equal(Cost, spent);
    }

    [Fact]
    public async Task Comment_TellsTheChargeBeforeTheEnd()
    {
        var (passed, _) = await RelayAsync(Content + Usage + Done, Ask);

        Assert.EndsWith($": x-spendguard-charged-microcents={Cost} x-spendguard-remaining-cents=999\n\n{Done}", passed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Content)]
    [InlineData(Content + Done)]
    [InlineData(Content + "data: {\"error\":{\"message\":\"overloaded\"}}\n\n")]
    [InlineData("data: {\"choices\":[{}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}\n\n")]
    public async Task CostIsNotTold_CostsTheHold(string events)
    {
        var (passed, spent) = await RelayAsync(events, Ask);

        Assert.Equal(events, WithoutComment(passed));
        Assert.InRange(spent, 100 * 1_000, 200_000);
    }

    [Fact]
    public async Task RunningCounts_TheLastOneIsCharged()
    {
        const string First = "data: {\"model\":\"gpt-4o\",\"choices\":[{}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1,\"total_tokens\":11}}\n\n";
        const string Last = "data: {\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}}\n\n";
        var (passed, spent) = await RelayAsync(First + Last + Done, Ask);

        Assert.Equal(First + Last + Done, WithoutComment(passed));
        Assert.Equal(Cost, spent);
    }

    /// <summary>What comes after the last event that the client waits for is read too, and the client gets both when the call has been settled.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(": keep-alive\n\n")]
    public async Task UsageAfterTheEnd_IsCharged_BeforeTheClientHasTheEnd(string between)
    {
        var (passed, spent) = await RelayAsync(Content + Finish + Done + between + Usage, AskForUsage);

        Assert.Equal(Content + Finish + Done + between + Usage, WithoutComment(passed));
        Assert.Equal(Cost, spent);
    }

    /// <summary>The end is not kept back for more than a usage is long.</summary>
    [Fact]
    public async Task TooMuchAfterTheEnd_IsNotWaitedFor()
    {
        var much = $": {new string('x', 70_000)}\n\n";
        var (passed, spent) = await RelayAsync(Content + Finish + Done + much + Usage, AskForUsage);

        Assert.Equal(Content + Finish + Done + much + Usage, WithoutComment(passed));
        Assert.InRange(spent, 100 * 1_000, 200_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{}}]}\n\n")]
    public async Task UsageBeforeACutConnection_IsCharged(string more)
    {
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(Content + Finish + Usage + more);
            await context.Response.Body.FlushAsync();
            throw new IOException("The connection is cut here.");
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(Chat, agent, Ask);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());

        Assert.Equal(Cost, (await sidecar.EndedAsync(agent)).Spent);
    }

    [Fact]
    public async Task FailedResponse_WithUsage_IsChargedByIt()
    {
        const string Events =
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"model\":\"gpt-4o\",\"usage\":null}}\n\n"
            + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"\\\"response\\\"\"}\n\n"
            + "event: error\ndata: {\"type\":\"error\",\"message\":\"x\"}\n\n"
            + "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":2,\"total_tokens\":12}}}\n\n";
        var (passed, spent) = await RelayAsync(Events, """{"model":"gpt-4o","input":"Hi","max_output_tokens":100,"stream":true}""", path: "/v1/responses");

        Assert.Equal(Events, WithoutComment(passed));
        Assert.Equal(Cost, spent);
    }

    [Fact]
    public async Task FailedResponse_WithUsageAsAWhole_IsChargedByIt()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            """{"status":"failed","model":"gpt-4o","usage":{"input_tokens":10,"output_tokens":2,"total_tokens":12}}""");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync("/v1/responses", agent, """{"model":"gpt-4o","input":"Hi"}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Cost, (await sidecar.EndedAsync(agent)).Spent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ProviderBreaksOff_ClientSeesItAndTheHoldIsSpent(int events)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new Behaviour { CutAfterEvents = events };
        using var response = await sidecar.PostAsync(Chat, agent, Ask);
        var broken = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());

        Assert.True(broken is HttpRequestException or IOException, broken.ToString());
        Assert.Equal(held.Single(), (await sidecar.EndedAsync(agent)).Spent);
        await sidecar.Provider.WhenIdleAsync();
        Assert.InRange(sidecar.Provider.Bill.TotalMicrocents, 1, held.Single());
    }

    [Theory]
    [InlineData(Chat, Ask)]
    [InlineData(Chat, """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""")]
    [InlineData("/v1/responses", """{"model":"gpt-4o","input":"Hi","max_output_tokens":100,"stream":true}""")]
    public async Task ClientGoes_BeforeTheAnswer_ItIsReadToItsEndAndSettled(string path, string body)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        using var going = new CancellationTokenSource();
        sidecar.Provider.OnArrival = async _ =>
        {
            await going.CancelAsync();
            await sidecar.Watch.Gone;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sidecar.PostAsync(path, agent, body, going.Token));

        Assert.True(await sidecar.AssertPaidAsBilledAsync(agent) > 0);
        Assert.True(sidecar.Provider.Calls.Single().Finished);
    }

    [Fact]
    public async Task ClientGoes_InTheMiddle_TheRestIsReadAndSettled()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        sidecar.Provider.Behaviour = new Behaviour { OutputTokens = 90, DelayBetweenEvents = TimeSpan.FromMilliseconds(2) };
        using (var response = await sidecar.PostAsync(Chat, agent, Ask))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[10]);
        }

        Assert.Equal(await sidecar.AssertPaidAsBilledAsync(agent), sidecar.Provider.Calls.Single().ChargeMicrocents);
        Assert.Equal(90, sidecar.Provider.Calls.Single().OutputTokens);
    }

    [Fact]
    public async Task ClientGoes_NoDrainIsLeft_TheHoldIsSpent()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SPENDGUARD_MAX_DRAINS", "0")]);
        var agent = await sidecar.AgentAsync();
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new Behaviour { Hang = true };
        using var going = new CancellationTokenSource();
        var call = sidecar.PostAsync(Chat, agent, Ask, going.Token);
        while (held.Count == 0)
        {
            await Task.Yield();
        }

        await going.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.Equal(held.Single(), (await sidecar.EndedAsync(agent)).Spent);
        await sidecar.Provider.WhenIdleAsync();
        Assert.InRange(sidecar.Provider.Bill.TotalMicrocents, 1, held.Single());
    }

    private static async Task<(string Passed, long Spent)> RelayAsync(
        string events, string ask, int pieceSize = int.MaxValue, string path = Chat)
    {
        await using var provider = await ScriptedProvider.StreamingAsync(Encoding.UTF8.GetBytes(events), pieceSize);
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(path, agent, ask);
        var passed = await response.Content.ReadAsStringAsync();

        // No waiting: who has the end of the answer finds it paid.
        var budget = (await sidecar.BudgetAsync(agent))!;
        Assert.Equal(0, budget.InFlight);
        return (passed, budget.Spent);
    }

    private static string WithoutComment(string events) => OurComment().Replace(events, "", 1);

    [GeneratedRegex(@": x-spendguard-charged-microcents=\d+ x-spendguard-remaining-cents=\d+\n\n", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex OurComment();
}
