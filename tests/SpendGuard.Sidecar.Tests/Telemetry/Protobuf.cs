using System.Buffers.Binary;
using System.Text;

namespace SpendGuard.Sidecar.Tests.Telemetry;

/// <summary>A message on the wire, by the numbers of its fields; enough to read what an exporter sends.</summary>
internal sealed class Protobuf
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public Protobuf(ReadOnlySpan<byte> wire)
    {
        while (wire.Length > 0)
        {
            var tag = Varint(ref wire);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, Varint(ref wire), []));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(wire), []));
                    wire = wire[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref wire);
                    _fields.Add((field, 0, wire[..length].ToArray()));
                    wire = wire[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(wire), []));
                    wire = wire[4..];
                    break;
                default:
                    throw new InvalidDataException("No such wire type.");
            }
        }
    }

    public IEnumerable<Protobuf> Messages(int field) => Of(field).Select(value => new Protobuf(value.Bytes));

    public string? Text(int field) => Of(field).Select(value => Encoding.UTF8.GetString(value.Bytes)).FirstOrDefault();

    public ulong? Number(int field) => Of(field).Select(value => (ulong?)value.Number).FirstOrDefault();

    private static ulong Varint(ref ReadOnlySpan<byte> wire)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = wire[0];
            wire = wire[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private IEnumerable<(int Field, ulong Number, byte[] Bytes)> Of(int field) => _fields.Where(value => value.Field == field);
}
