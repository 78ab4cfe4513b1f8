using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SpendGuard.Sidecar;

/// <summary>A file without a folder, for the time that the process runs.</summary>
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 1;

    /// <summary>Writes one, and tells the path that this process can open it by; null where the system has none.</summary>
    /// <remarks>It stays open: the loader knows libraries by their paths, and a number that is given out again would be another's.</remarks>
    public static string? TryWrite(string name, ReadOnlySpan<byte> content)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var descriptor = Create(name, CloseOnExec);
        if (descriptor < 0)
        {
            return null;
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: false);
        RandomAccess.Write(handle, content, fileOffset: 0);
        return $"/proc/self/fd/{descriptor}";
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(string name, uint flags);
}
