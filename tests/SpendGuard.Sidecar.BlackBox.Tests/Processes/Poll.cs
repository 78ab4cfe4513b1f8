using System.Diagnostics;

namespace SpendGuard.Sidecar.BlackBox.Tests;

/// <summary>Waits for what another process does in its own time, and not for ever.</summary>
internal static class Poll
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> enough, string what)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (enough(seen))
            {
                return seen;
            }

            Assert.True(waited.Elapsed < Patience, $"It took too long: {what}. Last seen: {seen}");
            await Task.Delay(Pause);
        }
    }

    public static Task UntilAsync(Func<bool> enough, string what) => UntilAsync(() => Task.FromResult(enough()), seen => seen, what);
}
