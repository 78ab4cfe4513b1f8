using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;
using SpendGuard.Testing.Provider.Wire;
using SpendGuard.Testing.Provider.Wire.Anthropic;

namespace SpendGuard.Testing.Provider.Batches;

/// <summary>The provider's batches. One ends when the test says so, and is billed then: each request that has succeeded, at the price of a batch.</summary>
public sealed class SimulatedBatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedBatch> _batches = new(StringComparer.Ordinal);
    private readonly MessagesFormat _format = new();
    private readonly SimulatedProvider _provider;
    private readonly CallBook _book;
    private readonly ProviderPriceTable _prices;

    internal SimulatedBatches(SimulatedProvider provider, CallBook book, ProviderPriceTable prices) => (_provider, _book, _prices) = (provider, book, prices);

    /// <summary>The ids of all batches, oldest first.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches.Keys];
            }
        }
    }

    /// <summary>What becomes of each request, by the caller's id of it. Default: what it would as a call.</summary>
    public Func<string, BatchOutcome>? OutcomeOf { get; set; }

    /// <summary>The tier that the usage of a result names; null for none.</summary>
    public string? ToldTier { get; set; } = "batch";

    /// <summary>Changes the lines of results before they are sent.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>>? Lines { get; set; }

    /// <summary>Sends this many bytes of results, then drops the connection.</summary>
    public int? CutResultsAfter { get; set; }

    /// <summary>Awaited before the last byte of results is sent; what goes before it has been.</summary>
    public Task BeforeTheLastByte { get; set; } = Task.CompletedTask;

    /// <summary>Ends a batch: every request has become something, and what succeeded is billed.</summary>
    public void End(string id)
    {
        var batch = Find(id) ?? throw new ArgumentException("There is no such batch.", nameof(id));
        var results = batch.Requests.Select(request => ResultOf(batch, request.Id, request.Request)).ToList();

        // In any order but that of the requests.
        Keep(batch with
        {
            Results = [.. results.Select(result => result.Line).Reverse()],
            Counts = results.CountBy(result => result.Outcome).ToDictionary(),
        });
    }

    /// <summary>Ends every batch that has not ended.</summary>
    public void EndAll()
    {
        foreach (var id in Ids.Where(id => Find(id) is { Results: null }))
        {
            End(id);
        }
    }

    internal SimulatedBatch? Find(string id)
    {
        lock (_gate)
        {
            return _batches.GetValueOrDefault(id);
        }
    }

    internal void Keep(SimulatedBatch batch)
    {
        lock (_gate)
        {
            _batches[batch.Id] = batch;
        }
    }

    internal void Delete(string id)
    {
        lock (_gate)
        {
            _batches.Remove(id);
        }
    }

    private (BatchOutcome Outcome, string Line) ResultOf(SimulatedBatch batch, string id, SimulatedRequest request)
    {
        var outcome = OutcomeOf?.Invoke(id) ?? (batch.IsCanceling ? BatchOutcome.Canceled : BatchOutcome.Succeeded);
        JsonObject? message = null;
        if (outcome == BatchOutcome.Succeeded)
        {
            message = Generate(request);
            outcome = message is null ? BatchOutcome.Errored : outcome;
        }

        return (outcome, MessageBatchJson.Result(id, outcome, message).ToJsonString() + "\n");
    }

    /// <summary>The message, which is billed; null where the request is not one that the provider would serve.</summary>
    private JsonObject? Generate(SimulatedRequest taken)
    {
        try
        {
            var request = _format.Read(taken with { CallId = _book.Arrive(taken.Caller, "/v1/messages"), Path = "/v1/messages" }) with { Format = _format };
            var input = _format.CountInput(request.Body, CountingRules.Usual);
            _book.Describe(request, input.Tokens);
            var behaviour = _provider.BehaviourFor(request);
            var price = _prices.Find(behaviour.ServedModel ?? request.Model) ?? throw new RejectedRequestException(404, $"model: {request.Model}");
            if (behaviour.UseTheMost)
            {
                behaviour = behaviour with { FixedUsage = WorstBill.Usage(request, _format, price, behaviour.NewFields), Reply = behaviour.Reply ?? (_ => SimulatedReply.Say("All right")) };
            }

            var generation = Generator.Generate(request, input, price, behaviour, _format);
            _book.Charge(request.CallId, generation.Usage, generation.FixedCharge ?? price.ChargeInBatch(generation.Usage, generation.Tiers));
            var answer = _format.Answer(generation);
            if (answer["usage"] is JsonObject usage)
            {
                usage.Remove("service_tier");
                if (ToldTier is { } tier)
                {
                    usage["service_tier"] = tier;
                }
            }

            return answer;
        }
        catch (RejectedRequestException)
        {
            return null;
        }
    }
}
