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
public abstract partial class BudgetStoreModelChecks
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

        var calls = await AtOnceAsync(store, [.. threads.Select(templates => templates.Select(template => template(prefix)).ToArray())]);
        Linearizability.Assert(
            calls, model, model => model.Clone(), model => model.Entries, (model, command) => Told(model.Apply(command)), answer => Told(Outcome.Of(answer)));
    }

    /// <summary>Sends each thread's commands from a thread of its own, all at the same time.</summary>
    private static async Task<IReadOnlyList<Linearizability.Call>> AtOnceAsync(IBudgetStore store, BudgetCommand[][] threads)
    {
        var clock = 0;
        using var start = new Barrier(threads.Length);
        var calls = await Task.WhenAll(threads.Select(commands => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return commands.Select(command =>
                {
                    var invoked = Interlocked.Increment(ref clock);
                    var answer = store.ApplyAsync(command, default).AsTask().GetAwaiter().GetResult();
                    return new Linearizability.Call(command, answer, invoked, Interlocked.Increment(ref clock));
                }).ToList();
            },
            default,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        return [.. calls.SelectMany(list => list)];
    }

    /// <summary>No moment can be told of a store with a clock of its own, only what a hold lives.</summary>
    private Outcome Told(Outcome outcome) => HasOwnClock && outcome.Reservation is { } reservation
        ? outcome with { Reservation = reservation with { ExpiresAt = default } }
        : outcome;

    private BudgetCommand OfThisClock(BudgetCommand command, int place) => HasOwnClock ? CommandGen.AtOneMoment(command, place) : command;
}
