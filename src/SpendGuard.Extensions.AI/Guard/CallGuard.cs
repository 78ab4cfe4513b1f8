using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>What the decorators of all kinds of clients do alike: say whose call it is, hold before it, account after it.</summary>
internal sealed class CallGuard(SpendGuardEngine engine, Func<string?> currentAgent, GuardSettings settings, BilledClient client, AgentId? bound = null)
{
    private readonly CallingAgent _agent = new(currentAgent ?? throw new ArgumentNullException(nameof(currentAgent)), bound);
    private readonly SpendGuardEngine _engine = engine ?? throw new ArgumentNullException(nameof(engine));
    private readonly WireSight _sight = new(client.UsesHttp);
    private readonly BlindnessNotice _notice = new(engine, client);

    /// <summary>What its calls are priced by, and may have in them.</summary>
    public CallTerms Terms { get; } = new(engine, settings, client);

    /// <summary>Makes the provider's own options, given the output cap; null for none.</summary>
    public Func<long, object?>? RawOptions => settings.RawOptions;

    public TimeSpan DrainTime => settings.DrainTime;

    public TimeSpan IdleTimeout => settings.IdleTimeout;

    public TimeProvider Time => _engine.Time;

    /// <summary>Holds, sends, and settles with what the answer says; or releases or forfeits when there is none.</summary>
    /// <param name="describe">Copies what is asked for, and says what the copy can come to.</param>
    /// <param name="send">Sends the copy, capped as it was reserved.</param>
    /// <param name="read">Reads from the answer what it cost.</param>
    /// <param name="properties">Where the answer says so to the caller.</param>
    /// <param name="cancellationToken">Gives up waiting for the budget.</param>
    /// <exception cref="UnidentifiedAgentException">It cannot be told whose call it is.</exception>
    /// <exception cref="NodePausedException">The call was cut, or not made, by a pause.</exception>
    public async Task<TAnswer> CallAsync<TRequest, TAnswer>(
        Func<PrivateCall<TRequest>> describe,
        Func<TRequest, ReservedCall, CancellationToken, Task<TAnswer>> send,
        Func<TAnswer, ModelCall, ProviderReport> read,
        Func<TAnswer, AdditionalPropertiesDictionary?> properties,
        CancellationToken cancellationToken)
    {
        var described = describe();
        var call = Call(_agent.Of(_agent.Now(), described.Agent), described);
        var reserved = await _engine.ReserveAsync(call, cancellationToken);
        await using var attempts = reserved.Watch(IsOther, client.VendorOf(settings.Provider), client.ProviderUri);
        await CheckBeforeSendAsync(described.Shared, attempts);
        using var upstream = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, reserved.CutByPause);
        TAnswer answer;
        try
        {
            using (attempts.Enter())
            {
                answer = await send(described.Request, reserved, upstream.Token);
            }
        }
        catch (Exception exception)
        {
            await EndFailedAsync(attempts, call, exception);
            if (exception is OperationCanceledException cancelled && cancelled.CancellationToken == upstream.Token)
            {
                throw new OperationCanceledException(cancelled.Message, cancelled, cancellationToken);
            }

            throw;
        }

        var settlement = await EndAsync(attempts, Report(() => read(answer, call)));
        if (properties(answer) is { } told)
        {
            SettlementProperties.Write(told, settlement, reserved, attempts.Count);
        }

        return answer;
    }

    /// <summary>
    /// Holds when the stream is enumerated, for the agent that was current when the call was made; passes it on, and settles before its last
    /// update.
    /// </summary>
    /// <param name="describe">Copies what is asked for, and says what the copy can come to.</param>
    /// <param name="open">Opens the provider's stream for the copy, capped as it was reserved.</param>
    /// <param name="read">Starts to gather from the updates what the call cost.</param>
    /// <param name="last">Makes the update that comes after the provider's, and says what it cost.</param>
    /// <param name="cancellationToken">Gives up waiting for the budget, and for the next update.</param>
    /// <exception cref="UnidentifiedAgentException">It cannot be told whose call it is.</exception>
    public IAsyncEnumerable<TUpdate> StreamAsync<TRequest, TUpdate>(
        Func<PrivateCall<TRequest>> describe,
        Func<TRequest, ReservedCall, CancellationToken, IAsyncEnumerable<TUpdate>> open,
        Func<ModelCall, IStreamedCall<TUpdate>> read,
        Func<TUpdate?, AdditionalPropertiesDictionary, TUpdate> last,
        CancellationToken cancellationToken)
        where TUpdate : class => EnumerateAsync(_agent.Now(), describe, open, read, last, cancellationToken);

    /// <summary>Ends a call that was answered.</summary>
    public ValueTask<Settlement> EndAsync(CallAttempts attempts, ProviderReport report)
    {
        _sight.Answered(attempts);
        _notice.Answered(attempts);
        return attempts.EndAsync(report);
    }

    /// <summary>Ends a call that the provider answered with an exception, or that could not be sent.</summary>
    /// <exception cref="SpendGuardException">
    /// The call was cut, or a further attempt did not fit the budget: that is why it failed, whatever became of it on the way.
    /// </exception>
    public async ValueTask EndFailedAsync(CallAttempts attempts, ModelCall call, Exception exception)
    {
        var settlement = await attempts.EndAsync(
            _sight.ProvesNothingSent(attempts, exception) ? ProviderReport.NotBilled : ReportOf(attempts, call, exception));
        ThrowIfCut(attempts, settlement);
        if (attempts.Refusal is { } refusal)
        {
            ExceptionDispatchInfo.Throw(refusal);
        }
    }

    /// <summary>Says so to the caller of a call that has ended because it was cut.</summary>
    /// <exception cref="NodePausedException">It was.</exception>
    public static void ThrowIfCut(CallAttempts attempts, Settlement settlement)
    {
        if (attempts.Call.PausedBy is not null)
        {
            throw attempts.Call.CutRefusal(settlement);
        }
    }

    private async IAsyncEnumerable<TUpdate> EnumerateAsync<TRequest, TUpdate>(
        Caller made,
        Func<PrivateCall<TRequest>> describe,
        Func<TRequest, ReservedCall, CancellationToken, IAsyncEnumerable<TUpdate>> open,
        Func<ModelCall, IStreamedCall<TUpdate>> read,
        Func<TUpdate?, AdditionalPropertiesDictionary, TUpdate> last,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TUpdate : class
    {
        var described = describe();
        var call = Call(_agent.Of(made, described.Agent), described);
        var reserved = await _engine.ReserveAsync(call, cancellationToken);
        await using var attempts = reserved.Watch(IsOther, client.VendorOf(settings.Provider), client.ProviderUri);
        await CheckBeforeSendAsync(described.Shared, attempts);
        await using var stream = new MeteredStream<TUpdate>(
            token => open(described.Request, reserved, token), read(call), attempts, call, this, cancellationToken);
        while (await stream.MoveNextAsync())
        {
            yield return stream.Last!;
        }

        var told = new AdditionalPropertiesDictionary();
        SettlementProperties.Write(told, stream.Settlement, reserved, attempts.Count);
        yield return last(stream.Last, told);
    }

    /// <summary>What an answer says of its cost. One that cannot be read is paid for all the same, and the caller's.</summary>
    private static ProviderReport Report(Func<ProviderReport> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
        {
            return ProviderReport.Unknown($"the answer could not be read: {exception.GetType().Name}");
        }
    }

    /// <summary>Gives the hold back of a call that is not to be sent: somebody has changed it since it was held, or it was cut.</summary>
    private static async ValueTask CheckBeforeSendAsync(SharedRaws shared, CallAttempts attempts)
    {
        try
        {
            shared.CheckUnchanged();
        }
        catch
        {
            await attempts.EndAsync(ProviderReport.NotBilled);
            throw;
        }

        if (attempts.Call.PausedBy is not null)
        {
            ThrowIfCut(attempts, await attempts.EndAsync(ProviderReport.NotBilled));
        }
    }

    private bool IsOther(string host) =>
        settings.OtherHosts.Contains(host)
        || (IdentityHost.Is(host) && !string.Equals(host, client.ProviderUri?.Host, StringComparison.OrdinalIgnoreCase));

    /// <summary>What was seen of the attempts says more than an exception, and a rule of the application's own more than both.</summary>
    private ProviderReport ReportOf(CallAttempts attempts, ModelCall call, Exception exception) =>
        settings.IsUnbilled is { } isUnbilled
            ? isUnbilled(exception) ? ProviderReport.NotBilled : ProviderReport.Unknown($"the call failed with {exception.GetType().Name}")
            : attempts.AllUnbilled && _sight.SeesAll(attempts) ? UnbilledFailure.WithUsage(ProviderReport.NotBilled, exception, () => Vendor.Of(call.Model.Provider).ChatReader(call.Shape))
            : attempts.Unseen > UnbilledFailure.Count(exception) ? ProviderReport.Unknown("several attempts were not seen")
            : UnbilledFailure.ReportOf(exception, client.VendorOf(settings.Provider), () => Vendor.Of(call.Model.Provider).ChatReader(call.Shape));

    private ModelCall Call<TRequest>(Caller caller, PrivateCall<TRequest> described) => new()
    {
        Agent = caller.Agent!.Value,
        Run = caller.Run,
        Function = caller.Function,
        CappedRun = caller.CappedRun,
        Fingerprint = caller.Run is null ? null : described.Fingerprint?.Invoke(),
        Model = described.Model,
        ModelIsSet = settings.Model is not null,
        Shape = described.Shape with
        {
            ServiceTier = settings.ServiceTier ?? described.Shape.ServiceTier,
            ResidencyFactor = described.Shape.ResidencyFactor * client.ResidencyFactor,
        },
    };
}
