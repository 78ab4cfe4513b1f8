using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>What the decorators of all kinds of clients do alike: say whose call it is and who bills for it, hold before it, account after it.</summary>
internal sealed class CallGuard(SpendGuardEngine engine, CallingAgent agent, BilledClient client)
{
    public SpendGuardEngine Engine => engine;

    /// <summary>Who bills; as the client tells when null.</summary>
    public string? Provider { get; set; }

    /// <summary>The model to price by; as the options and the client tell when null.</summary>
    public string? Model { get; set; }

    public ISet<string> AllowedFeatures { get; } = new HashSet<string>(StringComparer.Ordinal);

    public Func<Exception, bool> IsUnbilled { get; set; } = UnbilledFailure.Is;

    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the inner client may make several requests to the provider of one call.</summary>
    public bool SendsSeveralRequests => client.ProviderName is "gcp.gen_ai";

    /// <summary>The model that a call is priced by.</summary>
    /// <param name="asked">The model that its options name.</param>
    /// <exception cref="UnboundedCostException">Provider or model cannot be told.</exception>
    public ModelKey ModelOf(string? asked) => client.ModelOf(Provider, Model ?? asked);

    /// <summary>The model of a call through a client that has one model, whatever the options say.</summary>
    /// <param name="asked">The model that the options name.</param>
    /// <exception cref="UnboundedCostException">The options name another, or provider or model cannot be told.</exception>
    public ModelKey OnlyModelOf(string? asked) => asked is null || !client.HasOneModel || asked == client.DefaultModelId
        ? ModelOf(asked)
        : throw new UnboundedCostException(
            "ModelId",
            $"The adapter calls {client.DefaultModelId} whatever the options say.",
            $"Leave it out, or make a client for {asked}.");

    /// <summary>All rate cards of a model, those of the past and the future included.</summary>
    /// <exception cref="UnknownModelException">The model has no price.</exception>
    public IReadOnlyList<RateCard> CardsOf(ModelKey model) =>
        engine.Prices.Current.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <exception cref="UnidentifiedAgentException">It cannot be told whose call it is.</exception>
    public ModelCall Describe(ModelKey model, CallShape shape)
    {
        var (payer, run, function) = agent.Find();
        return new ModelCall
        {
            Agent = payer,
            Run = run,
            Function = function,
            Model = model,
            Shape = shape with { ResidencyFactor = shape.ResidencyFactor * client.ResidencyFactor },
        };
    }

    /// <summary>Holds, sends, and settles with what the answer says; or releases or forfeits when there is none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="send">Sends it, capped as it was reserved.</param>
    /// <param name="read">Reads from the answer what it cost.</param>
    /// <param name="properties">Where the answer says so to the caller.</param>
    /// <param name="cancellationToken">Gives up waiting for the budget.</param>
    public async Task<TAnswer> CallAsync<TAnswer>(
        ModelCall call,
        Func<ReservedCall, Task<TAnswer>> send,
        Func<TAnswer, ProviderReport> read,
        Func<TAnswer, AdditionalPropertiesDictionary?> properties,
        CancellationToken cancellationToken)
    {
        await using var reserved = await engine.ReserveAsync(call, cancellationToken);
        TAnswer answer;
        try
        {
            answer = await send(reserved);
        }
        catch (Exception exception)
        {
            await EndFailedAsync(reserved, exception);
            throw;
        }

        var settlement = await reserved.EndAsync(read(answer));
        if (properties(answer) is { } told)
        {
            SettlementProperties.Write(told, settlement, reserved);
        }

        return answer;
    }

    /// <summary>Ends a call that the provider answered with an exception.</summary>
    public async ValueTask EndFailedAsync(ReservedCall reserved, Exception exception) => await reserved.EndAsync(
        IsUnbilled(exception) ? ProviderReport.NotBilled : ProviderReport.Unknown($"the call failed with {exception.GetType().Name}"));
}
