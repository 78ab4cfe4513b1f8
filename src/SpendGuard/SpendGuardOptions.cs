using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Alerts;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard;

/// <summary>How the engine is set up.</summary>
public sealed class SpendGuardOptions
{
    /// <summary>Makes the store. SQLite in the file <c>spendguard.db</c> unless set.</summary>
    [Experimental(ApiTier.Stores)]
    public Func<IServiceProvider, IBudgetStore> Store { get; set; } =
        static services => new SqliteBudgetStore(
            new SqliteStoreOptions { Path = "spendguard.db" }, services.GetService<ILogger<SqliteBudgetStore>>());

    /// <summary>Loads the prices, once. The bundled price book unless set.</summary>
    public Func<PriceBook> Prices { get; set; } = PriceBook.LoadBundled;

    /// <summary>
    /// Registers prices that change while the engine works, in place of <see cref="Prices"/>: one <see cref="Pricing.Prices"/>, and what
    /// keeps it current. None unless set.
    /// </summary>
    [Experimental("SPENDGUARD002")]
    public Action<IServiceCollection>? PriceSource { get; set; }

    /// <summary>The output, in tokens, below which a call is of no use and is refused instead of being capped; 16 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below one.</exception>
    public long LeastUsefulOutputTokens
    {
        get;
        set => field = AtLeast(value, 1);
    } = 16;

    /// <summary>
    /// The same for a model that reasons before it answers, where it is more: its reasoning is within the cap, and with less it may be paid for
    /// an answer without a word in it. 1,024 tokens unless set, which is the least reasoning that a vendor lets be asked for.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below one.</exception>
    [Experimental(ApiTier.Adapters)]
    public long LeastReasoningOutputTokens
    {
        get;
        set => field = AtLeast(value, 1);
    } = 1024;

    /// <summary>The output cap, in tokens, of calls that ask for none; the model's maximum when null, as it is unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below one.</exception>
    public long? DefaultOutputTokens
    {
        get;
        set => field = value is { } tokens ? AtLeast(tokens, 1) : null;
    }

    /// <summary>How long a call waits for calls in flight to end before it is refused as locked; 30 seconds unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan LockedWait
    {
        get;
        set => field = AtLeast(value, TimeSpan.Zero);
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a call waits for the answer where a limit that it does not fit has asked for approval (<see cref="Limit.ThatAsks"/>), before it is
    /// refused; not at all unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan ApprovalWait
    {
        get;
        set => field = AtLeast(value, TimeSpan.Zero);
    }

    /// <summary>
    /// Whether a call waits under a budget that lets one call be in flight at once; one that does not is refused as locked at once. True unless
    /// set.
    /// </summary>
    [Experimental(ApiTier.Adapters)]
    public bool SingleCallsWait { get; set; } = true;

    /// <summary>
    /// How many calls may wait at once, of one agent no more than a quarter of them; any number unless set. More are refused as locked at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    [Experimental(ApiTier.Adapters)]
    public int MaxWaitingCalls
    {
        get;
        set => field = AtLeast(value, 0);
    } = int.MaxValue;

    /// <summary>How many calls may be in flight at once under a budget whose first set does not say so; any number when null, as it is unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below one.</exception>
    [Experimental(ApiTier.Adapters)]
    public int? FirstMaxInFlight
    {
        get;
        set => field = value is { } calls ? AtLeast(calls, 1) : null;
    }

    /// <summary>
    /// The most that one call may hold of what is free, in percent, under a budget whose first set does not say so; all of it when null, as it is
    /// unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below one, or above a hundred.</exception>
    [Experimental(ApiTier.Adapters)]
    public int? FirstMaxCallShare
    {
        get;
        set => field = value is null or (>= 1 and <= 100) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A share is 1 to 100 percent.");
    }

    /// <summary>When a hold is forfeited if its process no longer renews it; 5 minutes unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below a second, or above a week.</exception>
    public TimeSpan ReservationLifetime
    {
        get;
        set => field = AtMost(AtLeast(value, TimeSpan.FromSeconds(1)), TimeSpan.FromDays(7));
    } = TimeSpan.FromMinutes(5);

    /// <summary>The longest that a call in flight is renewed, and how far ahead prices are looked at; 1 hour unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below a second, or above a week.</exception>
    public TimeSpan LongestCall
    {
        get;
        set => field = AtMost(AtLeast(value, TimeSpan.FromSeconds(1)), TimeSpan.FromDays(7));
    } = TimeSpan.FromHours(1);

    /// <summary>How many calls whose caller has gone may be finished in the background at once; 256 unless set. More are forfeited.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxBackgroundCalls
    {
        get;
        set => field = AtLeast(value, 0);
    } = 256;

    /// <summary>
    /// Whether a call is forfeited that the provider answered with its own error for being overloaded, in place of released: no provider
    /// promises that it bills nothing then. False unless set.
    /// </summary>
    [Experimental("SPENDGUARD002")]
    public bool ForfeitOverloads { get; set; }

    /// <summary>
    /// By how many agents metrics are told apart (<c>gen_ai.agent.id</c>): the first that hold money, or are refused by their budget; all others
    /// are one. Each is a time series for every model and outcome, and for every process. None unless set, and then metrics do not tell agents apart.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MetricsOfAgents
    {
        get;
        set => field = AtLeast(value, 0);
    }

    /// <summary>
    /// Whom alerts are delivered to, beside every <see cref="ISpendAlertSink"/> that is registered; each has a name of its own. Nobody unless
    /// added, such as a <see cref="LogAlertSink"/>.
    /// </summary>
    public IList<ISpendAlertSink> AlertSinks { get; } = [];

    private static T AtLeast<T>(T value, T least)
        where T : IComparable<T> => value.CompareTo(least) >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The option has to be at least {least}.");

    private static T AtMost<T>(T value, T most)
        where T : IComparable<T> => value.CompareTo(most) <= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The option has to be at most {most}.");
}

