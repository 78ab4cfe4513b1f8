using System.Diagnostics;
using Xunit;

namespace SpendGuard.Testing;

/// <summary>Waits for what happens in the background, up to a bound that only a defect reaches.</summary>
public static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static Task HoldsAsync(Func<bool> condition, Action? nudge = null) => HoldsAsync(() => Task.FromResult(condition()), nudge);

    /// <param name="condition">What has to come true.</param>
    /// <param name="nudge">Done between one look and the next, such as to move a test's clock.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Action? nudge = null)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(started.Elapsed < Bound, "It has not come true.");
            nudge?.Invoke();
            await Task.Delay(5);
        }
    }
}
