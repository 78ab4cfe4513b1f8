using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>A beta may pass where all that it opens is in the tables: bounded there, or refused where it is used.</summary>
public sealed class AnthropicBetasTests
{
    private const string Question = """{ "model": "claude-sonnet-5", "max_tokens": 16, "messages": [{ "role": "user", "content": "hi" }] }""";

    public static TheoryData<string> Opening => [.. RequestTables.Bundled.Of("anthropic").Betas.Rules.Where(beta => beta.Opens.Count > 0).Select(beta => beta.Name)];

    [Theory]
    [MemberData(nameof(Opening))]
    public void Opens_OnlyWhatIsInTheTables(string beta) => Assert.All(
        RequestTables.Bundled.Of("anthropic").Betas.Rules.Single(row => row.Name == beta).Opens, path => Assert.True(Find(RequestTables.Bundled.Of("anthropic").Request("messages"), path) is not null, $"'{path}' has no row."));

    [Fact]
    public void Passing_WithoutAWordOfWhatItOpens_IsOnPurpose() => Assert.DoesNotContain(
        RequestTables.Bundled.Of("anthropic").Betas.Rules,
        beta => beta is { Kind: not FieldKind.Refused, Opens.Count: 0, Reason: "", OpensInput: null } && beta.Name.Contains("tool", StringComparison.Ordinal));

    /// <summary>Those of Claude Code 2.1.332 and 2.1.197.</summary>
    [Theory]
    [InlineData("claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,per-turn-control-2026-07-01,mid-conversation-tool-changes-2026-07-01,thinking-token-count-2026-05-13,advanced-tool-use-2025-11-20,effort-2025-11-24")]
    [InlineData("claude-code-20250219,context-1m-2025-08-07,prompt-caching-scope-2026-01-05,mid-conversation-system-2026-04-07")]
    public async Task ClaudeCode_GoesThrough(string betas)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1_000);
        string? seen = null;
        sidecar.Provider.OnArrival = request =>
        {
            seen = request.Headers.GetValueOrDefault("anthropic-beta");
            return Task.CompletedTask;
        };
        var reply = await sidecar.AskAsync("v1/messages", agent, Question, ("anthropic-beta", betas));

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal(betas, seen);
    }

    /// <summary>So much input as it opens needs a price, or a call would be held at the most that the model takes without it.</summary>
    [Fact]
    public async Task LargerContext_OfAModelWhoseCardKnowsNone_IsRefused()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1_000);
        var question = Question.Replace("claude-sonnet-5", "claude-haiku-4-5", StringComparison.Ordinal);
        var refused = await sidecar.AskAsync("v1/messages", agent, question, ("anthropic-beta", "context-1m-2025-08-07"));

        Assert.Equal(400, refused.Status);
        Assert.Contains("says that it takes 200000", (string?)refused.Body["detail"], StringComparison.Ordinal);
        Assert.Contains("[1m]", (string?)refused.Body["detail"], StringComparison.Ordinal);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>A card whose dearer tier begins where its maximum ends takes more than it says: all that can be seen is held, at that tier.</summary>
    [Fact]
    public async Task LargerContext_OfAModelWithATierForIt_IsHeldAtItsPrice()
    {
        await using var sidecar = await SidecarFixture.StartAsync([new ProviderPrice("claude-tiered", 1, 1) { LongContextFrom = 200_001, LongContext = new("", 2, 2) }]);
        sidecar.AddPrice(new RateCard
        {
            Model = new ModelKey("anthropic", "claude-tiered"),
            Rates = Rates(1),
            ContextTiers = [new ContextTier(200_000, Inclusive: false, Rates(2))],
            MaxInputTokens = 200_000,
            MaxOutputTokens = 1_000,
        });
        sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        var agent = await sidecar.AgentAsync(cents: 1_000);
        var holds = sidecar.WatchHolds(agent);
        var reply = await sidecar.AskAsync(
            "v1/messages",
            agent,
            $$"""{ "model": "claude-tiered", "max_tokens": 16, "messages": [{ "role": "user", "content": "{{string.Concat(Enumerable.Repeat("q7 ", 100_000))}}" }] }""",
            ("anthropic-beta", "context-1m-2025-08-07"));

        Assert.True(reply.Status == 200, reply.Text);
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(agent), 600_000, Assert.Single(holds));
    }

    private static TokenRates Rates(decimal rate) => new()
    {
        Input = Rate.FromMicrocents(rate),
        Output = Rate.FromMicrocents(rate),
        CacheWrite = Rate.FromMicrocents(rate),
        LongCacheWrite = Rate.FromMicrocents(rate),
        CachedInput = Rate.FromMicrocents(rate),
    };

    /// <summary>The row at a path as the reference writes them; lists are not marked, and brackets name a kind.</summary>
    private static FieldRule? Find(FieldShape table, string path)
    {
        var (shape, row) = ((FieldShape?)table, (FieldRule?)null);
        foreach (var name in path.Split('.', '['))
        {
            row = shape?.Rules.FirstOrDefault(rule => rule.Name == name.TrimEnd(']'));
            shape = row?.Of;
        }

        return row;
    }
}
