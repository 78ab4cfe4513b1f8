using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Batches;

/// <summary>
/// The provider's batches in one vendor's form. One ends when the test says so, and is billed then: each request that has succeeded, at the
/// price of a batch.
/// </summary>
public abstract class SimulatedBatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedBatch> _batches = new(StringComparer.Ordinal);
    private readonly Model _model;
    private readonly CallBook _book;

    private protected SimulatedBatches(Model model, CallBook book) => (_model, _book) = (model, book);

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

    /// <summary>The tier that a result names; null for none.</summary>
    public string? ToldTier { get; set; }

    /// <summary>Changes what is told of a batch before it is sent.</summary>
    public Func<JsonObject, JsonObject>? Told { get; set; }

    /// <summary>Changes the lines of results before they are sent.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>>? Lines { get; set; }

    /// <summary>Sends this many bytes of results, then drops the connection.</summary>
    public int? CutResultsAfter { get; set; }

    /// <summary>Awaited before the last byte of results is sent; what goes before it has been.</summary>
    public Task BeforeTheLastByte { get; set; } = Task.CompletedTask;

    /// <summary>Ends a batch: every request has become something, and what succeeded is billed. Of one that has ended nothing more becomes.</summary>
    public void End(string id)
    {
        var batch = Find(id) ?? throw new ArgumentException("There is no such batch.", nameof(id));
        if (batch.Results is not null)
        {
            return;
        }

        // In any order but that of the requests.
        var results = batch.Requests.Select(request => ResultOf(batch, request.Id, request.Request)).ToList();
        Keep(Ended(batch with { Results = [.. Enumerable.Reverse(results)] }));
    }

    /// <summary>Ends every batch that has not ended.</summary>
    public void EndAll()
    {
        foreach (var id in Ids)
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

    internal JsonObject Tell(JsonObject batch) => Told?.Invoke(batch) ?? batch;

    /// <summary>Where the requests of a batch would go as calls.</summary>
    private protected abstract string PathOf(SimulatedBatch batch);

    /// <summary>Writes the tier that is told into an answer.</summary>
    private protected abstract void TellTier(JsonObject answer, Generation generation);

    /// <summary>The batch with what else there is of it now that it has results.</summary>
    private protected abstract SimulatedBatch Ended(SimulatedBatch batch);

    private BatchResult ResultOf(SimulatedBatch batch, string id, SimulatedRequest taken)
    {
        var outcome = OutcomeOf?.Invoke(id) ?? (batch.IsCanceling ? BatchOutcome.Canceled : BatchOutcome.Succeeded);
        if (outcome != BatchOutcome.Succeeded)
        {
            return new(id, outcome);
        }

        try
        {
            var path = PathOf(batch);
            var format = WireFormats.For(path);
            var (request, input) = _model.Read(taken with { CallId = _book.Arrive(taken.Caller, path), Path = path }, format);
            var (generation, _) = _model.Generate(request, input, format);
            _book.Charge(request.CallId, generation.Usage, generation.ChargeInBatch);
            var answer = format.Answer(generation);
            TellTier(answer, generation);
            return new(id, outcome) { Generation = generation, Answer = answer };
        }
        catch (RejectedRequestException rejected)
        {
            return new(id, BatchOutcome.Errored) { Rejected = rejected };
        }
    }
}
