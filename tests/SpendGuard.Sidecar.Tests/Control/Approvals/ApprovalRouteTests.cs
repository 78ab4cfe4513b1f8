using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Tests.Access;
using SpendGuard.Sidecar.Tests.Control.Tree;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Control.Approvals;

/// <summary>Requests for approval over HTTP: what a refused call is told, who may answer, and that a call that waits goes on.</summary>
public sealed class ApprovalRouteTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        await _sidecar.GroupAsync("acme");
        await _sidecar.MemberAsync("ann", "acme");
        // Nothing fits until somebody approves.
        await _sidecar.LimitAsync("agents/ann", "total", """{"amount_cents":0,"action":"ask"}""");
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData(Team.Chat, """{"model":"gpt-4o-mini","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("/v1/responses", """{"model":"gpt-4o-mini","max_output_tokens":100,"input":"hello"}""")]
    [InlineData("/v1/messages", """{"model":"claude-sonnet-4-5","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("/v1beta/models/gemini-2.5-flash:generateContent", """{"contents":[{"parts":[{"text":"hello"}]}]}""")]
    public async Task Refusal_HasTheRequest_InEveryEnvelope(string path, string json)
    {
        var refused = await _sidecar.AskAsync(path, "ann", json);

        Assert.Equal(402, refused.Status);
        var listed = Assert.Single(await ListAsync());
        Assert.Equal((string?)listed!["approval_id"], (string?)refused.Body["approval_id"]);
        Assert.Contains($"spendguard approvals approve '{listed["approval_id"]}'", (string?)refused.Body["detail"], StringComparison.Ordinal);
        Assert.Equal(("pending", "ann", "ann", "total"), ((string?)listed["state"], (string?)listed["agent_id"], (string?)listed["node"], (string?)listed["limit"]));
        Assert.Null(listed["approve_url"]);
    }

    [Fact]
    public async Task ParkedCall_ApprovedOverHttp_GoesOn_AndIsRefusedAgainOnceTheRaiseHasEnded()
    {
        var parked = _sidecar.ChatAsync("ann", 100, ("x-spendguard-wait", "60"));
        var id = await PendingAsync();

        var approved = await AnswerAsync(id, "approve", """{"add_cents":500,"for_seconds":2,"reason":"A long night"}""");

        Assert.Equal((200, "approved", "local", "A long night"), (approved.Status, (string?)approved.Body["state"], (string?)approved.Body["by"], (string?)approved.Body["reason"]));
        Assert.Equal(200, (await parked.WaitAsync(Patience)).Status);
        await Eventually.HoldsAsync(async () => (await _sidecar.ChatAsync("ann")).Status == 402);
        Assert.NotEqual(id, await PendingAsync());
        var kinds = (await _sidecar.GetAsync("/v1/agents/ann/ledger")).Body["entries"]!.AsArray().Select(entry => (string)entry!["kind"]!).ToList();
        Assert.Equal(["approval_asked", "approved", "reserved", "settled"], kinds.Where(kind => kind is not ("limit_set" or "budget_set")).Take(4));
    }

    [Fact]
    public async Task ParkedCall_Denied_IsToldWhy()
    {
        var parked = _sidecar.ChatAsync("ann", 100, ("x-spendguard-wait", "60"));

        await AnswerAsync(await PendingAsync(), "deny", """{"reason":"Not today"}""");

        var refused = await parked.WaitAsync(Patience);
        Assert.Equal(402, refused.Status);
        Assert.Contains("denied by local: Not today.", (string?)refused.Body["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParkedCall_UnderANodeThatIsPaused_IsRefused()
    {
        var parked = _sidecar.ChatAsync("ann", 100, ("x-spendguard-wait", "60"));
        await PendingAsync();

        await _sidecar.AskAsync("/v1/groups/acme/pause", agent: null, "{}");

        Assert.Equal(403, (await parked.WaitAsync(Patience)).Status);
    }

    [Fact]
    public async Task Call_ThatDoesNotSayThatItWaits_DoesNot()
    {
        Assert.Equal(402, (await _sidecar.ChatAsync("ann").WaitAsync(Patience)).Status);
        Assert.Equal(402, (await _sidecar.ChatAsync("ann", 100, ("x-spendguard-wait", "0")).WaitAsync(Patience)).Status);
    }

    /// <summary>An agent that could approve what it asks for would have no budget.</summary>
    [Fact]
    public async Task Answering_IsNotForAnAgent()
    {
        var id = (string)(await _sidecar.ChatAsync("ann")).Body["approval_id"]!;
        var key = ("x-api-key", await _sidecar.CreateKeyAsync("ann"));

        Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Get, "/v1/approvals", json: null, key)).Status);
        Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Get, $"/v1/approvals/{id}", json: null, key)).Status);
        Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Post, $"/v1/approvals/{id}/approve", """{"add_cents":500}""", key)).Status);
        Assert.Equal(403, (await _sidecar.SendAsync(HttpMethod.Post, $"/v1/approvals/{id}/deny", "{}", key)).Status);
        Assert.Equal("pending", (string?)(await _sidecar.GetAsync($"/v1/approvals/{id}")).Body["state"]);
    }

    [Fact]
    public async Task Answering_Twice_IsOneAnswer()
    {
        var id = (string)(await _sidecar.ChatAsync("ann")).Body["approval_id"]!;
        const string Five = """{"add_microcents":500000000,"for":"8h"}""";

        Assert.Equal(200, (await AnswerAsync(id, "approve", Five)).Status);
        Assert.Equal(200, (await AnswerAsync(id, "approve", Five)).Status);

        Assert.Equal(500_000_000, (long)(await _sidecar.GetAsync("/v1/agents/ann/budget")).Body["raised_microcents"]!);
        Assert.Equal(409, (await AnswerAsync(id, "approve", """{"add_cents":600}""")).Status);
        Assert.Equal(409, (await AnswerAsync(id, "deny", "{}")).Status);
        Assert.Equal(404, (await AnswerAsync("nobody's", "deny", "{}")).Status);
        Assert.Equal(["approved"], (await ListAsync("")).Select(approval => (string)approval!["state"]!));
        Assert.Empty(await ListAsync());
    }

    /// <summary>Nobody is offered what would change nothing.</summary>
    [Fact]
    public async Task Request_WhoseLimitWasSetAnew_IsOver()
    {
        var id = (string)(await _sidecar.ChatAsync("ann")).Body["approval_id"]!;
        await _sidecar.LimitAsync("agents/ann", "total", """{"amount_cents":0,"action":"ask"}""");

        Assert.Empty(await ListAsync());
        Assert.Equal((id, "over"), Assert.Single(await ListAsync("over")) is { } over ? ((string)over["approval_id"]!, (string)over["state"]!) : default);
        var denied = await AnswerAsync(id, "deny", "{}");
        Assert.Equal(409, denied.Status);
        Assert.Contains("is over", (string?)denied.Body["detail"], StringComparison.Ordinal);
        Assert.Equal(400, (await _sidecar.GetAsync("/v1/approvals?state=dead")).Status);
    }

    /// <summary>An id of ours would say that the caller groups its calls, and point to nothing.</summary>
    [Fact]
    public async Task Call_WithoutARun_IsShownWithoutOne()
    {
        var id = (string)(await _sidecar.ChatAsync("ann")).Body["approval_id"]!;
        Assert.Null(Assert.Single(await ListAsync())!["run_id"]);
        var alert = Assert.Single((await _sidecar.GetAsync("/v1/alerts")).Body["alerts"]!.AsArray());
        Assert.Equal((id, null), ((string?)alert!["approval_id"], (string?)alert["run_id"]));
    }

    /// <summary>What scripts for the original know of a budget that is locked.</summary>
    [Fact]
    public async Task Budget_LockedByACallWithoutARun_SaysSo()
    {
        await AnswerAsync((string)(await _sidecar.ChatAsync("ann")).Body["approval_id"]!, "approve", """{"add_cents":500}""");
        string? during = null;
        _sidecar.Provider.OnArrival = async _ => during = (string?)(await _sidecar.GetAsync("/v1/agents/ann/budget")).Body["locked_run_id"];
        Assert.Equal(200, (await _sidecar.ChatAsync("ann")).Status);

        Assert.NotNull(during);
        Assert.All((await _sidecar.GetAsync("/v1/agents/ann/ledger")).Body["entries"]!.AsArray(), entry => Assert.Null(entry!["run_id"]));
    }

    [Theory]
    [InlineData("{}", "Say how much to add")]
    [InlineData("""{"add_cents":1,"add_microcents":1}""", "Say how much to add")]
    [InlineData("""{"add_cents":0}""", "'add_cents' has to be a whole number of at least 1.")]
    [InlineData("""{"add_cents":1,"for":"tomorrow"}""", "'for' has to be a length such as 90m")]
    [InlineData("""{"add_cents":1,"for":"8h","for_seconds":5}""", "Say once for how long")]
    [InlineData("""{"add_cents":1,"for_seconds":999999999999}""", "'for_seconds' has to be at most 400 days.")]
    public async Task Approve_ThatIsNone_IsRefused(string json, string sentence)
    {
        var id = (string)(await _sidecar.ChatAsync("ann")).Body["approval_id"]!;

        var refused = await AnswerAsync(id, "approve", json);

        Assert.Equal(400, refused.Status);
        Assert.StartsWith(sentence, (string?)refused.Body["detail"], StringComparison.Ordinal);
    }

    private Task<Reply> AnswerAsync(string id, string answer, string json) =>
        _sidecar.AskAsync($"/v1/approvals/{Uri.EscapeDataString(id)}/{answer}", agent: null, json);

    private async Task<JsonArray> ListAsync(string state = "pending") => (await _sidecar.GetAsync($"/v1/approvals?state={state}")).Body["approvals"]!.AsArray();

    private async Task<string> PendingAsync()
    {
        await Eventually.HoldsAsync(async () => (await ListAsync()).Count == 1);
        return (string)(await ListAsync())[0]!["approval_id"]!;
    }
}
