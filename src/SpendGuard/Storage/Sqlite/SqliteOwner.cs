using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Whose a SQLite file is, told by its header.</summary>
[Experimental(ApiTier.Adapters)]
public static class SqliteOwner
{
    private const int HeaderLength = 100;
    private const int ApplicationIdAt = 68;

    /// <summary>
    /// Whether a file is the database of another program. One that cannot be told is not: a new database has its first pages in the log beside it.
    /// </summary>
    /// <param name="path">The file, which is there.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool IsAnother(string path)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength
            && BinaryPrimitives.ReadUInt32BigEndian(header[ApplicationIdAt..]) != SqliteSchema.ApplicationId
            && !File.Exists(path + "-wal");
    }
}
