using Microsoft.Extensions.Logging;

namespace SpendGuard.Storage.Sqlite;

/// <summary>
/// Tells when the file's log grows and cannot be copied into the file: another program reads it and does not come to an end. Nothing can be
/// done from here; it shrinks with the first commit after that.
/// </summary>
internal sealed class SqliteLogWatch(string path, ILogger logger)
{
    private const int CommitsBetweenLooks = 256;
    private const long Large = 64L << 20;

    private int _commits;
    private long _told = Large / 2;

    /// <summary>Counts a commit, and looks at the log now and then.</summary>
    public void Look()
    {
        if (++_commits % CommitsBetweenLooks != 0)
        {
            return;
        }

        var log = new FileInfo(path + "-wal");
        var length = log.Exists ? log.Length : 0;
        if (length >= 2 * _told)
        {
            _told = length;
            Log.LogGrows(logger, path, length >> 20);
        }
        else if (length < Large)
        {
            _told = Large / 2;
        }
    }
}
