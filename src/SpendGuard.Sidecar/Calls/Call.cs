using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Telemetry;

namespace SpendGuard.Sidecar.Calls;

/// <summary>One call on its way. Each step of <see cref="CallHandler"/> makes a copy that knows more: what was sent, what is asked, what is held.</summary>
internal sealed record Call
{
    /// <summary>Where it goes and what it speaks.</summary>
    public required ProviderRoute Route { get; init; }

    /// <summary>Who makes it.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The body; an object.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The caller's headers.</summary>
    public IHeaderDictionary Headers { get; init; } = new HeaderDictionary();

    /// <summary>The model where the address names it; null where the body does.</summary>
    public string? NamedModel { get; init; }

    /// <summary>Where token counters come from.</summary>
    public required TokenCounters Counters { get; init; }

    /// <summary>The prices in force.</summary>
    /// <exception cref="InvalidOperationException">The call was made without.</exception>
    public PriceBook Prices { get => field ?? throw new InvalidOperationException("The call has no prices."); init; }

    /// <summary>What is refused that is not known.</summary>
    public required FieldPolicy Policy { get; init; }

    /// <summary>What may be in the request: the tables that were in force when it came.</summary>
    public required RequestTables Tables { get; init; }

    /// <summary>
    /// Whether something in it is bound by its row alone. A provider's own count is asked for with the fields that the code knows, and would
    /// leave it out.
    /// </summary>
    public bool IsBoundByTables { get; init; }

    /// <summary>The model that is called.</summary>
    public ModelKey Model { get; init; }

    /// <summary>What moves the cost.</summary>
    /// <exception cref="InvalidOperationException">The dialect has not read the call yet.</exception>
    public CallShape Shape { get => field ?? throw new InvalidOperationException("The call has not been read."); init; }

    /// <summary>What tells it from others of its run; null where it has none, or they are not told apart.</summary>
    public CallFingerprint? Fingerprint { get; init; }

    /// <summary>The fewest input tokens that are plausible.</summary>
    public long LeastInput => Shape.Input?.LeastTokens ?? 0;

    /// <summary>The hold.</summary>
    /// <exception cref="InvalidOperationException">Nothing is held yet.</exception>
    public ReservedCall Reserved { get => field ?? throw new InvalidOperationException("Nothing is held for the call."); init; }

    /// <summary>Where the prompt and the answer are kept for the span; null for nowhere.</summary>
    public CallCapture? Capture { get; init; }

    /// <summary>Where it is told what a provider should not do.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Who bills for it, as the price book names it.</summary>
    public string Provider => Route.Provider.Name;

    /// <summary>The wire format that it speaks.</summary>
    public IDialect Dialect => Route.Dialect;

    /// <summary>The path at the provider, from its base address on.</summary>
    public string Path => Route.PathFor(NamedModel);

    /// <summary>The call as the engine takes it.</summary>
    public ModelCall ToModelCall() => new() { Agent = Caller.Agent, Run = Caller.Run, Fingerprint = Fingerprint, Model = Model, Shape = Shape };

    /// <summary>Ends it by what came back.</summary>
    public async ValueTask<Settlement> EndAsync(ProviderReport report)
    {
        Capture?.Write();
        var settlement = await Reserved.EndAsync(report);
        if (settlement is { Overrun: true, Bill.Usage.TotalOutput: var output } && output > Reserved.OutputCap * Shape.Choices)
        {
            Log.CapIgnored(Logger, Provider, output, Reserved.OutputCap, Model, Route.Provider.WhereCapIsIgnored);
        }

        return settlement;
    }
}
