using Microsoft.Extensions.AI;
using OpenAI.Chat;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>OpenAI's adapter sends the output cap as max_completion_tokens to whomever it talks to, and not everybody keeps that.</summary>
public sealed class CapNameTests : IAsyncLifetime
{
    private const long MaxOutput = 64_000;

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        var prices = _guarded.Engine.Prices;
        foreach (var (provider, model) in ((string, string)[])
            [("openai", "deepseek-chat"), ("azure", "deepseek-chat"), ("deepseek", "deepseek-chat"), ("grok", "grok-2"), ("grok", "grok-3-mini")])
        {
            // The simulated provider knows gpt-4o; at each of these prices it is somebody's chat model.
            prices.Swap(prices.Current.With(new RateCard
            {
                Model = new ModelKey(provider, model),
                Rates = new TokenRates { Input = Rate.FromMicrocents(250), Output = Rate.FromMicrocents(1000) },
                MaxInputTokens = 128_000,
                MaxOutputTokens = MaxOutput,
            }));
        }

        await _guarded.SetBudgetAsync(Money.FromDollars(10));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("https://api.openai.com/v1", null, "deepseek-chat", true)]
    [InlineData("https://eu.api.openai.com/v1", null, "gpt-4o", true)]
    [InlineData("https://ours.openai.azure.com/openai/v1", "azure", "deepseek-chat", true)]
    [InlineData("https://ours.openai.azure.cn/openai/v1", "azure", "deepseek-chat", true)]
    [InlineData("https://ours.services.ai.azure.com/openai/v1", "azure", "deepseek-chat", false)]
    [InlineData("https://gateway.example/v1", "openai", "gpt-4o", true)]
    [InlineData("https://gateway.example/v1", "openai", "deepseek-chat", false)]
    [InlineData("https://api.x.ai/v1", "grok", "grok-2", true)]
    [InlineData("https://eu-west-1.api.x.ai/v1", "grok", "grok-2", true)]
    [InlineData("https://gateway.example/v1", "grok", "grok-2", true)]
    [InlineData("https://api.deepseek.com/v1", null, "deepseek-chat", false)]
    [InlineData("https://api.deepseek.com/v1", "openai", "deepseek-chat", false)]
    [InlineData("https://api.deepseek.com/v1", "deepseek", "deepseek-chat", false)]
    [InlineData("https://dashscope.aliyuncs.com/compatible-mode/v1", "openai", "deepseek-chat", false)]
    [InlineData("http://localhost:11434/v1", null, "deepseek-chat", false)]
    public async Task Host_IsNotKnownToKeepTheCap_HoldsTheModelsMaximum(string host, string? provider, string model, bool keeps)
    {
        foreach (var stream in (bool[])[false, true])
        {
            using var http = new HttpClient(new SentElsewhere(_guarded.Provider.BaseAddress));
            var client = _guarded.Guard(
                _guarded.Completions(model, new Uri(host), http),
                configure: guard => (guard.Provider, guard.ServiceTier) = (provider, "default"));
            await Record.ExceptionAsync(() => client.AskAsync("hello", stream, new ChatOptions { MaxOutputTokens = 100 }));

            var held = (await _guarded.LedgerAsync()).Last(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;
            var output = keeps ? 100_000 : MaxOutput * 1000;
            Assert.InRange(held, output, output + (output / 10) + (100 * 275));
        }
    }

    /// <summary>xAI keeps the cap for what is said, and not for what is thought.</summary>
    [Theory]
    [InlineData("grok-2", 100)]
    [InlineData("grok-3-mini", 100 + 128_000)]
    public async Task XAI_ModelThatReasons_HoldsTheContextBeyondTheCap(string model, long output)
    {
        using var http = new HttpClient(new SentElsewhere(_guarded.Provider.BaseAddress));
        var client = _guarded.Guard(_guarded.Completions(model, new Uri("https://api.x.ai/v1"), http), configure: guard => guard.Provider = "grok");
        await Record.ExceptionAsync(() => client.AskAsync("hello", stream: false, new ChatOptions { MaxOutputTokens = 100 }));

        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;
        Assert.InRange(held, output * 1000, (output * 1000) + 10_000 + (100 * 275));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Provider_IgnoresTheCap_BudgetIsNotOverspent(bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { IgnoreCap = true, OutputTokens = 16_384 };
        await _guarded.SetBudgetAsync(Money.FromCents(1), agent: "poor");
        using var http = new HttpClient(new SentElsewhere(_guarded.Provider.BaseAddress));
        var client = _guarded.Guard(Deepseek(http), agent: "poor", configure: guard => (guard.Provider, guard.Model) = ("deepseek", "deepseek-chat"));
        var options = new ChatOptions { MaxOutputTokens = 1 };
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => client.AskAsync("hello", stream, options));
        Assert.Contains(
            $"It holds the {MaxOutput} tokens that are the most the model gives out, and not the 1 of its cap. api.deepseek.com is not known to keep"
            + " max_completion_tokens",
            refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains("AllowedFeatures.Add(\"OutputCap\")", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();

        await _guarded.SetBudgetAsync(Money.FromDollars(2), agent: "poor", topUp: Money.FromDollars(2));
        var response = await client.AskAsync("hello", stream, options);
        Assert.Equal(1, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        Assert.Equal(1, response.Get<long>(SettlementProperties.OutputCap));
        Assert.False(response.Get<bool>(SettlementProperties.OutputCapLowered));
        Assert.InRange(
            response.Get<long>(SettlementProperties.ChargedMicrocents), 16_384 * 1000, response.Get<long>(SettlementProperties.HeldMicrocents));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RawOptions_SendTheCapUnderTheProvidersName_HoldNoMoreThanTheCap(bool stream)
    {
        using var elsewhere = new SentElsewhere(_guarded.Provider.BaseAddress);
        using var http = new HttpClient(elsewhere);
        var client = _guarded.Guard(Deepseek(http), configure: guard =>
        {
            (guard.Provider, guard.Model) = ("deepseek", "deepseek-chat");
            guard.AllowedFeatures.Add("OutputCap");
            guard.RawOptions = cap =>
            {
                var raw = new ChatCompletionOptions();
#pragma warning disable SCME0001 // Patch is experimental.
                raw.Patch.Set("$.max_tokens"u8, cap);
#pragma warning restore SCME0001
                return raw;
            };
        });
        await Record.ExceptionAsync(() => client.AskAsync("hello", stream, new ChatOptions { MaxOutputTokens = 100 }));

        Assert.Contains("\"max_tokens\":100", Assert.Single(elsewhere.Bodies), StringComparison.Ordinal);
        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved);
        Assert.InRange(held.Amount.Microcents, 100_000, 130_000);
        Assert.Equal("OutputCap", held.Unbounded);
    }

    private IChatClient Deepseek(HttpClient http) => _guarded.Completions("gpt-4o", new Uri("https://api.deepseek.com/v1"), http);
}
