using Microsoft.Extensions.AI;
using SpendGuard.Extensions.AI.Tests.Adapters;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>A guard that is set to a model prices by it, whatever is asked for: another one is refused.</summary>
public sealed class OtherModelTests : IAsyncLifetime
{
    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Options_NameAnotherModelThanTheGuard_AreRefused(string api, bool stream)
    {
        var client = _guarded.Guard(_guarded.Leaf(api), configure: guard => guard.Model = "gpt-4o-mini");
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(
            () => client.AskAsync("hello", stream, new ChatOptions { ModelId = "gpt-4-0613" }));

        Assert.Equal("ModelId", refusal.Feature);
        Assert.Contains("gpt-4o-mini", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("our-mini", true)]
    [InlineData("gpt-4o-mini", true)]
    [InlineData("our-large", false)]
    public async Task DeploymentOfAzure_IsTheOneThatIsPriced(string? asked, bool goes)
    {
        using var http = new HttpClient(new SentElsewhere(_guarded.Provider.BaseAddress));
        var deployment = _guarded.Completions("our-mini", new Uri("https://us.openai.azure.com/v1"), http);
        var client = _guarded.Guard(deployment, configure: guard => (guard.Provider, guard.Model) = ("openai", "gpt-4o-mini"));
        var call = client.GetResponseAsync("hello", new ChatOptions { ModelId = asked, MaxOutputTokens = 10 });
        if (goes)
        {
            // The simulated provider has no deployments; that it is asked is enough.
            await Record.ExceptionAsync(() => call);
            Assert.Single(_guarded.Provider.Calls);
            return;
        }

        Assert.Equal("ModelId", (await Assert.ThrowsAsync<UnboundedCostException>(() => call)).Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Embeddings_NameAnotherModelThanTheGuard_AreRefused()
    {
        var generator = _guarded.Embeddings().AsBuilder()
            .UseSpendGuard("a", _guarded.Engine, guard => guard.Model = "text-embedding-3-small").Build();
        var options = new EmbeddingGenerationOptions { ModelId = "text-embedding-3-large" };
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => generator.GenerateAsync(["hello"], options));

        Assert.Equal("ModelId", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }
}
