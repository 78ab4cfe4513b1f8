using SpendGuard.Pricing;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.Sidecar.Settings;
using SpendGuard.SignedPrices;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>Tells whether calls can be served, and if not, why.</summary>
internal sealed class ReadinessCheck(
    SpendGuardEngine engine,
    SidecarSettings settings,
    TablesInForce tables,
    TimeProvider time,
    ILogger<ReadinessCheck> logger,
    SignedPriceFeed? feed = null,
    TableFeed? tableFeed = null,
    AdminKey? adminKey = null)
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);
    private static readonly AgentId Nobody = new("spendguard-readiness-check");

    public async Task<ReadinessAnswer> RunAsync(CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        AddPrices(reasons);
        AddTables(reasons);
        await AddStoreAsync(reasons, cancellationToken);
        AddProviders(reasons);
        return reasons.Count == 0
            ? new ReadinessAnswer("ready", null, PriceState(), TableState(), ProviderStates(), Control())
            : new ReadinessAnswer("not ready", reasons, PriceState(), TableState(), ProviderStates(), Control());
    }

    private void AddPrices(List<string> reasons)
    {
        var book = engine.Prices.Current;
        if (book.ExpiresAt is { } expiresAt && expiresAt <= time.GetUtcNow())
        {
            var failure = feed?.LastFailure is { } last ? $" The last look-up failed at {last.At:u}: {Told(last.Sentence)}" : "";
            reasons.Add($"The prices from {Source(book)} have expired, at {expiresAt:u}, and no newer ones have come.{failure}");
        }
    }

    private void AddTables(List<string> reasons)
    {
        var inForce = tables.InForce;
        if (inForce.ExpiresAt is { } expiresAt && expiresAt <= time.GetUtcNow())
        {
            var failure = tableFeed?.LastFailure is { } last ? $" The last look-up failed at {last.At:u}: {Told(last.Sentence)}" : "";
            reasons.Add($"The request tables from {Source(inForce)} have expired, at {expiresAt:u}, and no newer ones have come.{failure}");
        }
    }

    private async Task AddStoreAsync(List<string> reasons, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(StorePatience, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // There is no such agent, so nothing changes; but the store has to be ready to commit before it can say so.
            await engine.RenameAgentAsync(Nobody, Nobody.ToString(), cancellationToken: giveUp.Token);
        }
        catch (StoreUnavailableException exception)
        {
            Log.StoreNotReady(logger, exception);

            // In hosted mode anyone may ask, and what the database says names its host and its user.
            reasons.Add(settings.Hosted ? "The store cannot commit. The log says why." : $"The store cannot commit. {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reasons.Add($"The store did not answer within {StorePatience.TotalSeconds} seconds.");
        }
    }

    private void AddProviders(List<string> reasons)
    {
        if (!settings.Providers.Values.Any(provider => provider.IsUsable))
        {
            var variables = settings.Providers.Values.Select(provider => provider.KeyVariable).Where(variable => variable.Length > 0).Distinct(StringComparer.Ordinal);
            reasons.Add($"No provider has a key. Set at least one of {string.Join(", ", variables)} and start the sidecar again.");
        }
    }

    private PriceState PriceState()
    {
        var book = engine.Prices.Current;
        return new PriceState(
            Source(book),
            Signature(settings.Prices),
            book.GeneratedAt,
            book.ExpiresAt,
            (long)book.AgeAt(time.GetUtcNow()).TotalSeconds,
            feed?.LastFailure is { } last ? Told(last.Sentence) : null);
    }

    private TableState TableState() => new(
        Source(tables.InForce),
        Signature(settings.Tables),
        tables.InForce.GeneratedAt,
        tables.InForce.ExpiresAt,
        tableFeed?.LastFailure is { } last ? Told(last.Sentence) : null);

    private string Source(DatedTables inForce) => !settings.Hosted ? inForce.Source : settings.Tables is null ? "bundled" : "a document";

    /// <summary>In hosted mode anyone may ask, and where prices come from is a path or an address.</summary>
    private string Source(PriceBook book) => !settings.Hosted ? book.Source : settings.Prices is null ? "bundled" : "a price document";

    private string Told(string sentence) => settings.Hosted ? "The log says why." : sentence;

    private string Control() => adminKey is { IsSet: false } ? ReadinessAnswer.ControlOpen : ReadinessAnswer.ControlByKey;

    private static string Signature(SignedPriceOptions? options) => options switch
    {
        null => Readiness.PriceState.Bundled,
        { VerifySignature: true } => Readiness.PriceState.Verified,
        _ => Readiness.PriceState.NotVerified,
    };

    private List<ProviderState> ProviderStates() =>
    [
        .. settings.Providers.Values.Select(provider => provider.NeedsKey
            ? new ProviderState(provider.Name, provider.Key is null ? ProviderState.Missing : ProviderState.Set, provider.KeyVariable)
            : new ProviderState(provider.Name, ProviderState.NotNeeded, KeyVariable: null)),
    ];
}
