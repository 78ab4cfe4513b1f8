using CsCheck;
using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

/// <summary>Histories of calls that are held, settled, corrected and counted, against a list of them with their exact times.</summary>
public sealed class SlicesPropertyTests
{
    // Ticks, so that every instant of a window can be walked through.
    private static readonly Gen<long> Lengths = Gen.OneOf(Gen.Long[1, 61], Gen.Long[62, 600]);

    private static readonly Gen<Step> Steps =
        from kind in Gen.Enum<Kind>()
        from call in Gen.Int[0, 30]
        from amount in Gen.Long[0, 50]
        from passes in Gen.OneOf(Gen.Long[0, 5], Gen.Long[0, 300])
        from back in Gen.Frequency((6, Gen.Const(0L)), (1, Gen.Long[1, 900]))
        select new Step(kind, call, amount, passes, back);

    private static readonly Gen<(long Length, Step[] Steps)> Histories = Gen.Select(Lengths, Steps.Array[1, 60]);

    [Fact]
    public void CountedAt_ClocksThatAreSetBack_IsNeverTooLittle() => Histories.Sample(
        (length, steps) => Play(length, steps, (history, slices, now) =>
        {
            for (var later = now - 50; later < now + (2 * length); later += 7)
            {
                Assert.InRange(slices.CountedAt(At(later), Length(length)).Microcents, history.Booked(later - length), long.MaxValue);
            }
        }),
        iter: 1500);

    [Fact]
    public void CountedAt_ClocksThatOnlyGoForward_IsAtMostASliceTooLong() => Histories.Sample(
        (length, steps) => Play(length, steps.Select(step => step with { Back = 0 }), (history, slices, now) =>
        {
            var slice = (length + 59) / 60;
            for (var later = now; later < now + (2 * length); later += 7)
            {
                Assert.InRange(
                    slices.CountedAt(At(later), Length(length)).Microcents, history.Booked(later - length), history.Booked(later - length - slice));
            }
        }),
        iter: 1500);

    [Fact]
    public void FreeAt_IsTheFirstInstantAtWhichNoMoreCounts() => Gen.Select(Histories, Gen.Long[0, 200]).Sample(
        (drawn, atMost) => Play(drawn.Length, drawn.Steps, (_, slices, now) =>
        {
            var free = now;
            while (slices.CountedAt(At(free), Length(drawn.Length)).Microcents > atMost)
            {
                free++;
            }

            Assert.Equal(free == now ? null : At(free), slices.FreeAt(Money.FromMicrocents(atMost), At(now), Length(drawn.Length)));
        }),
        iter: 300);

    [Fact]
    public void At_DropsOnlyWhatDoesNotCountFromThenOn() => Histories.Sample(
        (length, steps) => Play(length, steps, (_, slices, now) =>
        {
            var left = slices.At(At(now), Length(length));
            for (var later = now; later < now + (2 * length); later += 7)
            {
                Assert.Equal(slices.CountedAt(At(later), Length(length)), left.CountedAt(At(later), Length(length)));
            }
        }),
        iter: 500);

    [Fact]
    public void TextForm_IsReadAsItWasWritten() => Histories.Sample(
        (length, steps) => Play(length, steps, (_, slices, _) =>
        {
            var read = Slices.Parse(slices.ToString());
            Assert.Equal((slices, slices.GetHashCode(), slices.ToString()), (read, read.GetHashCode(), read.ToString()));
        }),
        iter: 300);

    private static void Play(long length, IEnumerable<Step> steps, Action<History, Slices, long> look)
    {
        var (history, slices, now) = (new History(), Slices.Empty, 10_000L);
        foreach (var step in steps)
        {
            now = Math.Max(1000, now + step.Passes - step.Back);
            if (step.Kind == Kind.Drop)
            {
                slices = slices.At(At(now), Length(length));
            }
            else
            {
                var call = history.Find(step.Kind == Kind.Again ? step.Call : null);
                DateTimeOffset? bookedAt = call.BookedAt is { } at ? At(at) : null;
                slices = slices.Book(Money.FromMicrocents(call.Amount), bookedAt, Money.FromMicrocents(step.Amount), At(now), Length(length));
                call.Book(step.Amount, now);
            }

            Assert.DoesNotContain("-", slices.ToString(), StringComparison.Ordinal);
        }

        look(history, slices, now);
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    private static TimeSpan Length(long ticks) => new(ticks);

    private enum Kind
    {
        First,
        Again,
        Drop,
    }

    private sealed record Step(Kind Kind, int Call, long Amount, long Passes, long Back);

    private sealed class Call
    {
        public long? BookedAt { get; private set; }

        public long Amount { get; private set; }

        public void Book(long charge, long now)
        {
            if (BookedAt is null || charge >= Amount)
            {
                BookedAt = Math.Max(now, BookedAt ?? now);
            }

            Amount = charge;
        }
    }

    private sealed class History
    {
        private readonly List<Call> _calls = [];

        public Call Find(int? index)
        {
            if (index is { } known && known < _calls.Count)
            {
                return _calls[known];
            }

            _calls.Add(new Call());
            return _calls[^1];
        }

        /// <summary>All that was booked after an instant, also in the future.</summary>
        public long Booked(long after) => _calls.Where(call => call.BookedAt > after).Sum(call => call.Amount);
    }
}
