using Microsoft.Extensions.AI;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>The output cap that the provider receives: what was asked for, what the model gives, or what the budget pays for.</summary>
public sealed class CapTests : IAsyncLifetime
{
    private Guarded _guarded = null!;

    public async Task InitializeAsync() => _guarded = await Guarded.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("chat", 16_384)]
    [InlineData("responses", 16_384)]
    [InlineData("messages", 128_000)]
    public async Task NothingAskedFor_IsTheModelsMaximum(string api, long maximum)
    {
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
        var response = await _guarded.Guard(_guarded.Leaf(api)).GetResponseAsync("hello world");

        Assert.Equal(maximum, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        Assert.Equal(maximum, response.Get<long>(SettlementProperties.OutputCap));
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task MoreThanTheBudgetPaysFor_IsLowered_AndTheBillFits(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        await _guarded.SetBudgetAsync(Money.FromCents(1));
        var options = new ChatOptions { MaxOutputTokens = 5_000, Temperature = 0.5f };
        var response = await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, options);

        var cap = response.Get<long>(SettlementProperties.OutputCap);
        Assert.InRange(cap, 900, 1_000);
        Assert.True(response.Get<bool>(SettlementProperties.OutputCapLowered));
        Assert.True(response.Get<bool>(SettlementProperties.OutputCut));
        Assert.Equal(cap, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        Assert.Equal(5_000, options.MaxOutputTokens);
        await _guarded.AssertPaidAsBilledAsync();
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 900_000, 1_000_000);
    }

    /// <summary>Only a cap that the budget had lowered cuts, and only an answer that is as long as it.</summary>
    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task ShorterAnswer_OrOneAsLongAsWasAskedFor_IsNotCalledCut(string api, bool stream)
    {
        await _guarded.SetBudgetAsync(Money.FromCents(2));
        _guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        var whole = await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, new ChatOptions { MaxOutputTokens = 50 });
        _guarded.Provider.Behaviour = new Behaviour { OutputTokens = 50 };
        var shorter = await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, new ChatOptions { MaxOutputTokens = 50_000 });

        Assert.Equal((false, true), (whole.Get<bool>(SettlementProperties.OutputCapLowered), shorter.Get<bool>(SettlementProperties.OutputCapLowered)));
        Assert.All((ChatResponse[])[whole, shorter], response => Assert.DoesNotContain(SettlementProperties.OutputCut, response.AdditionalProperties!.Keys));
    }

    /// <summary>Thinking is within the cap: with less than it takes, an answer ends before its first word.</summary>
    [Theory]
    [InlineData("chat", "gpt-5.6", null, 1_024)]
    [InlineData("chat", "gpt-5.6", ReasoningEffort.None, 16)]
    [InlineData("responses", "gpt-5.6", ReasoningEffort.None, 16)]
    [InlineData("responses", "gpt-5.6", ReasoningEffort.Low, 1_024)]
    [InlineData("messages", "claude-sonnet-5", null, 16)]
    [InlineData("messages", "claude-sonnet-5", ReasoningEffort.High, 1_024)]
    public async Task LeastUseful_IsMoreWhereTheModelIsToldToReason(string api, string model, ReasoningEffort? effort, long least)
    {
        var chat = _guarded.Guard(api switch { "chat" => _guarded.Completions(model), "responses" => _guarded.Responses(model), _ => _guarded.Messages(model) });
        var options = new ChatOptions { MaxOutputTokens = 100_000, Reasoning = effort is null ? null : new() { Effort = effort } };
        var floor = Money.Zero;
        _guarded.Provider.OnArrival = async _ => floor = (await _guarded.Engine.ListInFlightAsync("a"))[0].Floor;
        await _guarded.SetBudgetAsync(Money.FromCents(20));
        await chat.GetResponseAsync("hello world", options);
        _guarded.Provider.OnArrival = null;

        await _guarded.SetBudgetAsync(floor - Money.FromMicrocents(1), "poor");
        await _guarded.SetBudgetAsync(floor, "enough");
        using (SpendGuardScope.Begin("poor"))
        {
            await Assert.ThrowsAsync<InsufficientBudgetException>(() => chat.GetResponseAsync("hello world", options));
        }

        using (SpendGuardScope.Begin("enough"))
        {
            Assert.Equal(least, (await chat.GetResponseAsync("hello world", options)).Get<long>(SettlementProperties.OutputCap));
        }
    }

    [Fact]
    public async Task MoreThanTheModelGives_IsItsMaximum_AndNotCalledLowered()
    {
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
        var response = await _guarded.Chat().GetResponseAsync("hello world", new ChatOptions { MaxOutputTokens = 1_000_000 });

        Assert.Equal(16_384, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        Assert.False(response.Get<bool>(SettlementProperties.OutputCapLowered));
    }

    [Fact]
    public async Task ADefaultIsSet_IsUsedWhenNothingIsAskedFor()
    {
        await using var guarded = await Guarded.StartAsync(new SpendGuardOptions { DefaultOutputTokens = 700 });
        await guarded.SetBudgetAsync(Money.FromDollars(100));
        await guarded.Chat().GetResponseAsync("hello world");

        Assert.Equal(700, Assert.Single(guarded.Provider.Calls).MaxOutputTokens);
    }

    [Fact]
    public async Task LessThanTheLeastUseful_IsRefused()
    {
        // Two words in one message are bounded by 64 + 16 + 2 tokens; 16 out cost 16,000 microcents.
        await _guarded.SetBudgetAsync(Money.FromMicrocents((82 * 250) + 15_999));
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => _guarded.Chat().GetResponseAsync("hello world"));
        await _guarded.AssertNothingHappenedAsync();

        await _guarded.SetBudgetAsync(Money.FromMicrocents((82 * 250) + 16_000), topUp: Money.FromMicrocents(1));
        await _guarded.Chat().GetResponseAsync("hello world");
        Assert.Equal(16, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public async Task NoneOrLess_IsRefused(int asked, bool stream)
    {
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(
            () => _guarded.Chat().AskAsync("hello world", stream, new ChatOptions { MaxOutputTokens = asked }));

        Assert.Equal("MaxOutputTokens", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task FewerThanTheLeastUsefulAreAskedFor_AreGranted()
    {
        await _guarded.SetBudgetAsync(Money.FromMicrocents((82 * 250) + 3_000));
        await _guarded.Chat().GetResponseAsync("hello world", new ChatOptions { MaxOutputTokens = 3 });

        Assert.Equal(3, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        await _guarded.AssertPaidAsBilledAsync();
    }
}
