using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <summary>Whether what many threads were answered could have happened one after the other.</summary>
internal static class Linearizability
{
    /// <summary>A command that was sent and answered, with the moments of both.</summary>
    public sealed record Call(BudgetCommand Command, BudgetAnswer Answer, int Invoked, int Answered);

    /// <summary>
    /// Each entry's place in the ledger says in which order it was done, so that there is one order to try, not all of them. What left
    /// no entry has to be right at some moment between its call and its answer.
    /// </summary>
    public static void Assert<TModel, TOutcome>(
        IReadOnlyList<Call> calls, TModel model, Func<TModel, TModel> clone, Func<TModel, int> entriesOf, Func<TModel, BudgetCommand, TOutcome> apply,
        Func<BudgetAnswer, TOutcome> outcomeOf)
    {
        var booked = calls.Where(call => call.Answer.Sequence > 0).OrderBy(call => call.Answer.Sequence).ToList();
        var refused = calls.Where(call => call.Answer.Sequence == 0).ToHashSet();
        for (var done = 0; ; done++)
        {
            refused.RemoveWhere(call =>
                booked.Skip(done).All(later => later.Answered > call.Invoked)
                && booked.Take(done).All(earlier => earlier.Invoked < call.Answered)
                && IsAnsweredSo(clone(model), call));
            if (done == booked.Count)
            {
                break;
            }

            var next = booked[done];
            Xunit.Assert.All(booked.Skip(done + 1), later => Xunit.Assert.True(next.Invoked < later.Answered, $"{later} was before {next}."));
            var entries = entriesOf(model);
            Xunit.Assert.Equal(apply(model, next.Command), outcomeOf(next.Answer));
            Xunit.Assert.Equal(entries + 1, entriesOf(model));
        }

        Xunit.Assert.True(refused.Count == 0, $"At no moment: {string.Join("; ", refused.Select(call => $"{call.Command}: {outcomeOf(call.Answer)}"))}");

        bool IsAnsweredSo(TModel before, Call call)
        {
            var entries = entriesOf(before);
            return EqualityComparer<TOutcome>.Default.Equals(apply(before, call.Command), outcomeOf(call.Answer)) && entriesOf(before) == entries;
        }
    }
}
