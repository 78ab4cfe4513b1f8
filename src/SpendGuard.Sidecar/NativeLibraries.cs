using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NSec.Cryptography;
using SQLitePCL;

namespace SpendGuard.Sidecar;

/// <summary>
/// Loads the native libraries (SQLite, libsodium) that a native executable carries within itself, so that it is one file to copy.
/// A build that runs on an installed .NET carries none, and finds them where its packages put them.
/// </summary>
[Experimental("SPENDGUARD002")]
public static class NativeLibraries
{
    private const string Prefix = "native/";

    /// <summary>Has the libraries that are carried loaded from here. To be called once, before any of them is used.</summary>
    public static void Resolve()
    {
        var carrier = typeof(NativeLibraries).Assembly;
        var carried = carrier.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        if (carried.Count == 0)
        {
            return;
        }

        foreach (var user in (ReadOnlySpan<Assembly>)[typeof(SQLite3Provider_e_sqlite3).Assembly, typeof(Algorithm).Assembly])
        {
            NativeLibrary.SetDllImportResolver(user, (name, _, _) =>
                carried.Find(resource => IsNamed(resource, name)) is { } found
                    ? Load(Read(carrier, found), found[Prefix.Length..])
                    : IntPtr.Zero);
        }
    }

    private static bool IsNamed(string resource, string name) =>
        Path.GetFileNameWithoutExtension(resource) is var file && (file == name || file == "lib" + name);

    private static byte[] Read(Assembly carrier, string resource)
    {
        using var stream = carrier.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>
    /// From memory where the system can do that: it takes no folder that may be written to, which a container under an arbitrary user with
    /// a read-only file system has not, and no file that another could change.
    /// </summary>
    private static IntPtr Load(byte[] content, string name) =>
        MemoryFile.TryWrite(name, content) is { } path && NativeLibrary.TryLoad(path, out var library)
            ? library
            : NativeLibrary.Load(Extract(content, name));

    private static string Extract(byte[] content, string name)
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        if (!Path.IsPathRooted(data))
        {
            throw new InvalidOperationException("There is no folder to unpack native libraries into. Set HOME or XDG_DATA_HOME to one that can be written to.");
        }

        var folder = Path.Combine(data, "spendguard", Convert.ToHexStringLower(SHA256.HashData(content)));
        var path = Path.Combine(folder, name);
        if (File.Exists(path) && content.AsSpan().SequenceEqual(File.ReadAllBytes(path)))
        {
            return path;
        }

        Directory.CreateDirectory(folder);

        // Another process may extract it at the same moment: each writes its own file, and the last rename wins.
        var part = path + "." + Environment.ProcessId;
        File.WriteAllBytes(part, content);
        File.Move(part, path, overwrite: true);
        return path;
    }
}
