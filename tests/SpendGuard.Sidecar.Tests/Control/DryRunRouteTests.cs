using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Tests.Control;

public sealed class DryRunRouteTests
{
    [Theory]
    [InlineData("{}", "openai")]
    [InlineData("""{"provider":"anthropic"}""", "anthropic")]
    [InlineData("""{"provider":"OpenAI","model":"gpt-4o","max_tokens":100}""", "openai")]
    public async Task DryRun_HoldsAndGivesBack_AndNoProviderSeesIt(string body, string provider)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();

        using var answer = await sidecar.PostAsync($"/v1/agents/{agent}/dry-run", agent: null, body);

        answer.EnsureSuccessStatusCode();
        var told = await SidecarFixture.JsonAsync(answer);
        Assert.Equal(provider, told.GetProperty("provider").GetString());
        Assert.InRange(told.GetProperty("held_microcents").GetInt64(), 1, 1_000_000);
        Assert.Equal(0, told.GetProperty("charged_microcents").GetInt64());
        Assert.Equal(1_000_000_000, told.GetProperty("remaining_microcents").GetInt64());
        await sidecar.AssertNothingHappenedAsync(agent);
        var kinds = new List<LedgerEntryKind>();
        await foreach (var entry in sidecar.Engine.ReadLedgerAsync(new AgentId(agent)))
        {
            kinds.Add(entry.Kind);
        }

        Assert.Equal([LedgerEntryKind.BudgetSet, LedgerEntryKind.Reserved, LedgerEntryKind.Released], kinds);
    }

    [Fact]
    public async Task DryRun_WithoutAModel_TakesAProviderWithAKey()
    {
        await using var sidecar = await SidecarFixture.StartAsync(null, ("OPENAI_API_KEY", null), ("XAI_API_KEY", null));
        var agent = await sidecar.AgentAsync();

        using var answer = await sidecar.PostAsync($"/v1/agents/{agent}/dry-run", agent: null, "{}");

        Assert.Equal("gemini", (await SidecarFixture.JsonAsync(answer)).GetProperty("provider").GetString());
    }

    [Theory]
    [InlineData("""{"provider":"openai","model":"gpt-none"}""", 400, "Unknown model for pricing: openai:gpt-none")]
    [InlineData("""{"provider":"nobody"}""", 400, "There is no provider 'nobody'. There are: openai, grok, gemini, anthropic.")]
    [InlineData("""{"model":" "}""", 400, "'model' is empty. Name a model, or leave it out.")]
    [InlineData("""{"max_tokens":0}""", 400, "'max_tokens' has to be a whole number of at least 1.")]
    [InlineData("""{"provider":"grok"}""", 500, "The provider's key is missing. Set XAI_API_KEY for the sidecar and start it again.")]
    public async Task DryRun_ThatCouldBeNoCall_IsRefused(string body, int status, string detail)
    {
        await using var sidecar = await SidecarFixture.StartAsync(null, ("XAI_API_KEY", null));
        var agent = await sidecar.AgentAsync();

        using var answer = await sidecar.PostAsync($"/v1/agents/{agent}/dry-run", agent: null, body);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(detail, (await SidecarFixture.JsonAsync(answer)).GetProperty("detail").GetString());
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task DryRun_OfNobody_IsRefused()
    {
        await using var sidecar = await SidecarFixture.StartAsync();

        using var answer = await sidecar.PostAsync("/v1/agents/nobody/dry-run", agent: null, "{}");

        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Fact]
    public async Task DryRun_BesideACallInFlight_IsLocked()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync();
        var status = 0;
        sidecar.Provider.OnArrival = async _ =>
        {
            using var dryRun = await sidecar.PostAsync($"/v1/agents/{agent}/dry-run", agent: null, "{}");
            status = (int)dryRun.StatusCode;
        };

        using var answer = await sidecar.PostAsync(
            "/v1/chat/completions", agent, """{"model":"gpt-4o-mini","max_tokens":10,"messages":[{"role":"user","content":"Hello"}]}""");
        await answer.Content.ReadAsStringAsync();

        Assert.Equal((200, 409), ((int)answer.StatusCode, status));
        await sidecar.AssertPaidAsBilledAsync(agent);
    }
}
