using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Testing;

namespace SpendGuard.SignedPrices.Tests;

/// <summary>An application with signed prices, its clock and log in the hands of a test.</summary>
internal sealed class GuardedProcess : IDisposable
{
    private readonly TempFolder _folder = new();

    public FakeTimeProvider Time { get; } = new(Documents.Now);

    public RecordedLog Log { get; } = new();

    public string PathOf(string file) => _folder.File(file);

    public string KeptPath => PathOf("prices.json");

    /// <summary>The application without a host.</summary>
    public ServiceProvider Build(string source, Action<SignedPriceOptions>? configure = null, string? publicKey = null)
    {
        var services = new ServiceCollection();
        Register(services, source, configure, publicKey);
        return services.BuildServiceProvider();
    }

    /// <summary>The application in a generic host.</summary>
    public IHost BuildHost(string source, Action<SignedPriceOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        Register(builder.Services, source, configure, publicKey: null);
        return builder.Build();
    }

    public void Dispose() => _folder.Dispose();

    private void Register(IServiceCollection services, string source, Action<SignedPriceOptions>? configure, string? publicKey)
    {
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.ClearProviders().AddProvider(Log));
        services.AddSpendGuard(o => o.UseSqlite(PathOf("budget.db")).UseSignedPrices(source, publicKey ?? Documents.Keys.PublicKey, prices =>
        {
            prices.KeptPath = KeptPath;
            configure?.Invoke(prices);
        }));
    }
}

/// <summary>What a test asks of the engine.</summary>
internal static class EngineQuestions
{
    public static SpendGuardEngine Engine(this IServiceProvider services) => services.GetRequiredService<SpendGuardEngine>();

    /// <summary>The models that the prices in force are of.</summary>
    public static IEnumerable<string> Models(this IServiceProvider services) => services.Engine().Prices.Current.Models.Select(model => model.Model);

    /// <summary>A call of an agent with a budget, held at the prices in force and released.</summary>
    public static async Task<Money> HoldAsync(this IServiceProvider services, string model)
    {
        var engine = services.Engine();
        await engine.SetBudgetAsync("researcher", Money.FromDollars(5));
        await using var reserved = await engine.ReserveAsync(new ModelCall
        {
            Agent = "researcher",
            Model = new ModelKey("openai", model),
            Shape = new CallShape { InputBound = 10, OutputTokens = 20 },
        });
        await reserved.EndAsync(ProviderReport.NotBilled);
        return reserved.Reservation.Held;
    }
}
