using System.Diagnostics;

namespace SpendGuard.Benchmarks;

/// <summary>Measures what durability costs on this machine: the time to write 4 KB and have them on the disk.</summary>
internal static class FsyncProbe
{
    public const int Rounds = 200;

    public static double MedianMicroseconds()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var block = new byte[4096];
        var times = new List<double>(Rounds);
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose))
        {
            for (var i = 0; i < Rounds; i++)
            {
                var start = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        times.Sort();
        return times[Rounds / 2];
    }
}
