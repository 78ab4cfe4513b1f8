using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Wire;

/// <summary>Errors that cost otherwise than their status says: billed refusals, and overload errors, as far as SDKs show them.</summary>
public sealed class ProviderErrorTests : IAsyncLifetime
{
    private const string OpenAIOverload = """{"error":{"type":"service_unavailable_error","code":"server_is_overloaded","message":"Overloaded.","param":null}}""";
    private const string AnthropicOverload = """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""";

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    /// <summary>A content filter that refuses a prompt has read it, and what it read is on the bill.</summary>
    /// <param name="host">Where the calls go, at the prices of another.</param>
    /// <param name="status">What they are answered with.</param>
    /// <param name="stream">Whether they are streamed.</param>
    /// <param name="end">How they end.</param>
    [Theory]
    [InlineData("mine.openai.azure.com", 400, false, LedgerEntryKind.Forfeited)]
    [InlineData("mine.openai.azure.com", 400, true, LedgerEntryKind.Forfeited)]
    [InlineData("mine.openai.azure.com", 429, false, LedgerEntryKind.Released)]
    [InlineData("mine.openai.azure.com", 404, true, LedgerEntryKind.Released)]
    [InlineData("mine.openai.azure.com", 499, false, LedgerEntryKind.Forfeited)]
    [InlineData("api.openai.com", 400, false, LedgerEntryKind.Released)]
    [InlineData("api.openai.com", 499, false, LedgerEntryKind.Forfeited)]
    public async Task Refusal_IsReleasedOnlyWhereItIsNotBilled(string host, int status, bool stream, LedgerEntryKind end)
    {
        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, BillFailures = end == LedgerEntryKind.Forfeited };
        using var http = new HttpClient(new SentElsewhere(_guarded.Provider.BaseAddress));
        var leaf = _guarded.Completions(endpoint: new Uri($"https://{host}/v1"), http: http);
        await Assert.ThrowsAnyAsync<Exception>(() => _guarded.Guard(leaf, configure: client => client.Provider = "openai").AskAsync("hello world", stream));

        Assert.Equal(end, (await _guarded.EndAsync()).Kind);
        Assert.True((await _guarded.BudgetAsync()).Spent.Microcents >= _guarded.Provider.Bill.TotalMicrocents);
    }

    [Theory]
    [InlineData("chat", 503, OpenAIOverload)]
    [InlineData("responses", 503, OpenAIOverload)]
    [InlineData("messages", 529, AnthropicOverload)]
    public async Task Overload_IsReleased_AndOtherBreakdownsAreNot(string api, int status, string body)
    {
        foreach (var stream in (bool[])[false, true])
        {
            _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, FailWithBody = body };
            await Assert.ThrowsAnyAsync<Exception>(() => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream));
        }

        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync(2)).Kind);
        await _guarded.AssertPaidAsBilledAsync();

        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, FailWithBody = """{"type":"error","error":{"type":"api_error","message":"Internal"}}""" };
        await Assert.ThrowsAnyAsync<Exception>(() => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream: false));
        Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync(3)).Kind);
    }

    [Theory]
    [InlineData("chat", 503, OpenAIOverload)]
    [InlineData("messages", 529, AnthropicOverload)]
    public async Task Overload_UnderTheHarsherRule_IsForfeited(string api, int status, string body)
    {
        await using var guarded = await Guarded.StartAsync(new SpendGuardOptions { ForfeitOverloads = true });
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, FailWithBody = body };
        await Assert.ThrowsAnyAsync<Exception>(() => guarded.Guard(guarded.Leaf(api)).AskAsync("hello world", stream: false));

        Assert.Equal(LedgerEntryKind.Forfeited, (await guarded.EndAsync()).Kind);
    }

    /// <summary>An error that tells a usage is charged for it: what is known of a cost is booked, whatever the status says.</summary>
    [Theory]
    [InlineData("chat", 400, LedgerEntryKind.Settled)]
    [InlineData("chat", 429, LedgerEntryKind.Settled)]
    [InlineData("chat", 307, LedgerEntryKind.Settled)]
    [InlineData("chat", 500, LedgerEntryKind.Forfeited)]
    [InlineData("chat", 503, LedgerEntryKind.Forfeited)]
    [InlineData("responses", 400, LedgerEntryKind.Settled)]
    [InlineData("responses", 503, LedgerEntryKind.Forfeited)]
    [InlineData("messages", 400, LedgerEntryKind.Settled)]
    [InlineData("messages", 429, LedgerEntryKind.Settled)]
    [InlineData("messages", 500, LedgerEntryKind.Forfeited)]
    [InlineData("messages", 529, LedgerEntryKind.Forfeited)]
    public async Task ErrorTellsAUsage_ItIsBooked(string api, int status, LedgerEntryKind end)
    {
        var usage = api == "chat"
            ? """{"prompt_tokens":1000,"completion_tokens":90000,"total_tokens":91000}"""
            : """{"input_tokens":1000,"output_tokens":90000,"total_tokens":91000}""";
        var body = status is 503 ? OpenAIOverload : AnthropicOverload;
        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, FailWithBody = body[..^1] + ",\"usage\":" + usage + "}" };
        var ended = 0;
        foreach (var stream in (bool[])[false, true])
        {
            await Assert.ThrowsAnyAsync<Exception>(() => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello", stream, new ChatOptions { MaxOutputTokens = 100 }));
            var entry = await _guarded.EndAsync(++ended);
            Assert.Equal(end, entry.Kind);

            // 90,000 tokens of output at 10 dollars a million.
            Assert.InRange(entry.Amount.Microcents, 90_000_000, 91_000_000);
        }
    }

    /// <summary>A request that is to be sent to another address as it is was not run at this one; after other redirects it may have been.</summary>
    [Theory]
    [InlineData(307, LedgerEntryKind.Released)]
    [InlineData(308, LedgerEntryKind.Released)]
    [InlineData(301, LedgerEntryKind.Forfeited)]
    [InlineData(302, LedgerEntryKind.Forfeited)]
    [InlineData(303, LedgerEntryKind.Forfeited)]
    public async Task Redirect_IsReleasedOnlyWhereNothingRan(int status, LedgerEntryKind end)
    {
        foreach (var api in (string[])["chat", "messages"])
        {
            _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, BillFailures = end == LedgerEntryKind.Forfeited };
            await Assert.ThrowsAnyAsync<Exception>(() => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream: false));
            Assert.Equal(end, (await _guarded.EndAsync(api == "chat" ? 1 : 2)).Kind);
        }

        Assert.True((await _guarded.BudgetAsync()).Spent.Microcents >= _guarded.Provider.Bill.TotalMicrocents);
    }
}
