using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Wire;

/// <summary>Handlers below the SDK that send again, or twice at once, as hosts put them on every client.</summary>
public sealed class ResilienceHandlerTests : IAsyncLifetime
{
    private static readonly ChatOptions Small = new() { MaxOutputTokens = 100 };

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task StandardHandler_EachAttemptIsPaid(string api, bool stream)
    {
        _guarded.Provider.ForRequest = request =>
            request.CallId < 3 ? new Behaviour { FailWithStatus = 500, BillFailures = true } : Behaviour.Honest;
        await using var services = Services(builder => builder.AddStandardResilienceHandler(handler => handler.Retry.Delay = TimeSpan.Zero));
        var response = await _guarded.Guard(_guarded.Leaf(api, http: Http(services))).AskAsync("hello world", stream, Small);

        Assert.Equal(3, response.Get<int>(SettlementProperties.Attempts));
        Assert.Equal(3, _guarded.Provider.Bill.BilledCalls);
        var ledger = await _guarded.LedgerAsync();
        Assert.Equal(2, ledger.Count(entry => entry.Kind == LedgerEntryKind.Forfeited));
        Assert.Equal(Money.Zero, ledger[^1].Held);
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, ledger[^1].Spent.Microcents);
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Hedging_BothAreHeldForBeforeTheyAreSent(string api, bool stream)
    {
        var second = new TaskCompletionSource();
        _guarded.Provider.OnArrival = async request =>
        {
            if (request.CallId == 1)
            {
                await second.Task;
            }
            else
            {
                Assert.Equal(2, (await _guarded.BudgetAsync()).InFlight);
                second.SetResult();
            }
        };
        await using var services = Services(builder => builder.AddStandardHedgingHandler());
        var response = await _guarded.Guard(_guarded.Leaf(api, http: Http(services))).AskAsync("hello world", stream, Small);

        Assert.Equal(2, response.Get<int>(SettlementProperties.Attempts));
        await _guarded.Provider.WhenIdleAsync();
        var ledger = await _guarded.LedgerAsync();
        Assert.Equal(Money.Zero, ledger[^1].Held);
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, ledger[^1].Spent.Microcents);
        Assert.Empty(_guarded.Provider.Failures);
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task Hedging_TheSecondDoesNotFit_TheFirstIsWaitedFor(string api, bool stream)
    {
        await _guarded.SetBudgetAsync(Money.FromDollars(1), maxInFlight: 1);
        var refused = new TaskCompletionSource();
        var holds = 0;
        _guarded.Store.Refuse = command =>
        {
            if (command is Reserve && Interlocked.Increment(ref holds) == 2)
            {
                refused.TrySetResult();
            }

            return false;
        };
        _guarded.Provider.OnArrival = _ => refused.Task;
        await using var services = Services(builder => builder.AddStandardHedgingHandler());
        var response = await _guarded.Guard(_guarded.Leaf(api, http: Http(services))).AskAsync("hello world", stream, Small);

        Assert.Equal(1, response.Get<int>(SettlementProperties.Attempts));
        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    private static ServiceProvider Services(Action<IHttpClientBuilder> configure)
    {
        var services = new ServiceCollection();
        services.ConfigureAll<HttpStandardHedgingResilienceOptions>(options => options.Hedging.Delay = TimeSpan.FromMilliseconds(1));
        configure(services.AddHttpClient("model"));
        return services.BuildServiceProvider();
    }

    private static HttpClient Http(ServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient("model");
}
