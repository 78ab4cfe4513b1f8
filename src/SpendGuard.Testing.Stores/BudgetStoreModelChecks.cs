using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CsCheck;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>Random histories, one after the other and at the same time, on a store and on a model of it that shares no code with the rules.</summary>
/// <remarks>
/// Derive a class from it that opens your store. A history that fails is printed with its seed, cut down to the shortest that still fails.
/// With SPENDGUARD_SOAK=1 in the environment there are a hundred times as many.
/// </remarks>
[Experimental(ApiTier.Stores)]
public abstract class BudgetStoreModelChecks
{
    private int _samples;

    /// <summary>What <see cref="Samples"/> is multiplied by: 100 in a soak run, else 1.</summary>
    protected static int Soak { get; } = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") == "1" ? 100 : 1;

    /// <summary>How many histories are tried.</summary>
    protected abstract int Samples { get; }

    /// <inheritdoc cref="BudgetStoreConformance.HasOwnClock"/>
    protected virtual bool HasOwnClock => false;

    /// <summary>Opens a store without content, which the test disposes.</summary>
    protected abstract Task<IBudgetStore> OpenAsync();

    [Fact]
    public async Task History_AnyCommands_AnswersAsTheModelDoes()
    {
        await using var store = await OpenAsync();
        await CommandGen.Any.Array[1, 60].SampleAsync(
            templates => RunOneAfterTheOtherAsync(store, templates), iter: Samples * Soak, threads: 1, print: Print);
        await Books.AssertBalancedAsync(store);
    }

    [Fact]
    public async Task History_ThreeThreads_IsOneThatCouldHaveHappenedOneAfterTheOther()
    {
        await using var store = await OpenAsync();
        var thread = CommandGen.Booked.Array[1, 8];
        await Gen.Select(CommandGen.Booked.Array[0, 6], thread.Array[3]).SampleAsync(
            async history => await RunAtOnceAsync(store, history.Item1, history.Item2), iter: Samples * Soak, threads: 1,
            print: history => string.Join("\n--\n", history.Item2.Prepend(history.Item1).Select(Print)));
        await Books.AssertBalancedAsync(store);
    }

    private static string Print(CommandGen.Template[] templates) => string.Join('\n', templates.Select(template => template("")));

    private string NextPrefix() =>
        string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _samples)} ");

    private async Task RunOneAfterTheOtherAsync(IBudgetStore store, CommandGen.Template[] templates)
    {
        var prefix = NextPrefix();
        var model = new BudgetModel();
        long? before = null;
        foreach (var command in templates.Select((template, place) => OfThisClock(template(prefix), place)))
        {
            var entries = model.Entries;
            var expected = model.Apply(command);
            var answer = await store.ApplyAsync(command, default);
            Assert.Equal(Told(expected), Told(Outcome.Of(answer)));
            Assert.Equal(model.Entries > entries, answer.Sequence > 0);
            if (answer.Sequence > 0)
            {
                Assert.Equal(before + 1 ?? answer.Sequence, answer.Sequence);
                before = answer.Sequence;
            }

            if (answer.Budget is { } budget)
            {
                Assert.True(model.Holds(budget.Agent));
                Assert.Equal(budget, await store.FindBudgetAsync(budget.Agent, default));
            }

            if (answer.Reservation is { } reservation)
            {
                Assert.Equal(reservation, await store.FindReservationAsync(reservation.Id, default));
            }
        }
    }

    private async Task RunAtOnceAsync(IBudgetStore store, CommandGen.Template[] first, CommandGen.Template[][] threads)
    {
        var prefix = NextPrefix();
        var model = new BudgetModel();
        foreach (var command in first.Select(template => template(prefix)).Prepend(
            new SetBudget(prefix + "agent 0", Money.FromMicrocents(100), Money.Zero, null, null, StoreSteps.Start)))
        {
            Assert.Equal(Told(model.Apply(command)), Told(Outcome.Of(await store.ApplyAsync(command, default))));
        }

        var clock = 0;
        using var start = new Barrier(threads.Length);
        var calls = await Task.WhenAll(threads.Select(templates => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return templates.Select(template => template(prefix)).Select(command =>
                {
                    var invoked = Interlocked.Increment(ref clock);
                    var answer = store.ApplyAsync(command, default).AsTask().GetAwaiter().GetResult();
                    return new Call(command, answer, invoked, Interlocked.Increment(ref clock));
                }).ToList();
            },
            default,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        AssertLinearizable(model, [.. calls.SelectMany(list => list)]);
    }

    /// <summary>
    /// Each entry's place in the ledger says in which order it was done, so that there is one order to try, not all of them. What left
    /// no entry has to be right at some moment between its call and its answer.
    /// </summary>
    private void AssertLinearizable(BudgetModel model, IReadOnlyList<Call> calls)
    {
        var booked = calls.Where(call => call.Answer.Sequence > 0).OrderBy(call => call.Answer.Sequence).ToList();
        var refused = calls.Where(call => call.Answer.Sequence == 0).ToHashSet();
        for (var done = 0; ; done++)
        {
            refused.RemoveWhere(call =>
                booked.Skip(done).All(later => later.Answered > call.Invoked)
                && booked.Take(done).All(earlier => earlier.Invoked < call.Answered)
                && IsAnsweredSo(model.Clone(), call));
            if (done == booked.Count)
            {
                break;
            }

            var next = booked[done];
            Assert.All(booked.Skip(done + 1), later => Assert.True(next.Invoked < later.Answered, $"{later} was before {next}."));
            var entries = model.Entries;
            Assert.Equal(Told(model.Apply(next.Command)), Told(Outcome.Of(next.Answer)));
            Assert.Equal(entries + 1, model.Entries);
        }

        Assert.Empty(refused);
    }

    private bool IsAnsweredSo(BudgetModel model, Call call)
    {
        var entries = model.Entries;
        return Told(model.Apply(call.Command)) == Told(Outcome.Of(call.Answer)) && model.Entries == entries;
    }

    /// <summary>No moment can be told of a store with a clock of its own, only what a hold lives.</summary>
    private Outcome Told(Outcome outcome) => HasOwnClock && outcome.Reservation is { } reservation
        ? outcome with { Reservation = reservation with { ExpiresAt = default } }
        : outcome;

    private BudgetCommand OfThisClock(BudgetCommand command, int place) => HasOwnClock ? CommandGen.AtOneMoment(command, place) : command;

    private sealed record Call(BudgetCommand Command, BudgetAnswer Answer, int Invoked, int Answered);
}
